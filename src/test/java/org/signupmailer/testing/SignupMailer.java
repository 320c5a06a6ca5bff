package org.signupmailer.testing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.signupmailer.SignupMailApplication;
import org.signupmailer.relay.TlsSockets;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.context.support.StandardServletEnvironment;

/**
 * The real application with the shipped routes, in this JVM, on topics and files of its own. Nothing of the machine's
 * environment, system properties, secret files or {@code .env} reaches it, and several may run at once:
 *
 * <pre>{@code
 * try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start(); SignupMailer mailer = SignupMailer.start(smtp)) {
 *     TestEvent event = mailer.publish(TestEvents.verificationCode().locale("ru"));
 *     ReceivedMail mail = smtp.awaitMails(1, SignupMailer.PATIENCE).get(0);
 * }
 * }</pre>
 */
public final class SignupMailer implements AutoCloseable {

    /** How long anything may take that is expected to happen. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    // The applications of one JVM share Logback, which one at a time can set up.
    private static final ReentrantLock LOGGING = new ReentrantLock();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    static {
        KeptLogging.use();
    }

    private final EmbeddedKafka kafka;
    private final Map<String, String> settings;
    private final Path folder;
    private final int partitions;
    private final @Nullable SSLContext trusted;
    private @Nullable ConfigurableApplicationContext context;

    SignupMailer(
            EmbeddedKafka kafka,
            Map<String, String> settings,
            Path folder,
            int partitions,
            @Nullable SSLContext trusted) {
        this.kafka = kafka;
        this.settings = new HashMap<>(settings);
        this.folder = folder;
        this.partitions = partitions;
        this.trusted = trusted;
    }

    /** Begins the description of an application. */
    public static Setup with() {
        return new Setup();
    }

    /** Starts it with these relays in this order, and returns when it reads. */
    public static SignupMailer start(ScriptedSmtpServer... relays) {
        Setup setup = with();
        for (ScriptedSmtpServer relay : relays) {
            setup.relay(relay);
        }
        SignupMailer mailer = setup.start();
        mailer.awaitReading();
        return mailer;
    }

    /** Starts it again after {@link #stop()} with the same topic, group and files. */
    public synchronized void startAgain() {
        if (context != null) {
            throw new IllegalStateException("It is running; call stop() before startAgain()");
        }
        Map<String, Object> environment = new HashMap<>(settings);
        int number = NUMBERS.incrementAndGet();
        environment.put("CAMEL_MAIN_NAME", "signup-mailer-" + number);
        environment.put("SPRING_JMX_UNIQUE_NAMES", "true");
        environment.put("SPRING_CONFIG_LOCATION", "classpath:/application.yaml");
        environment.put("MAILER_ENV_FILE", folder.resolve("no.env").toString());
        // Tests by camel-test switch JMX off and leave that behind for the whole JVM.
        DefaultCamelContext.setDisableJmx(false);
        SSLContext authorities = trusted;
        LOGGING.lock();
        try {
            context = start(environment, authorities);
        } finally {
            if (LOGGING.isHeldByCurrentThread()) {
                LOGGING.unlock();
            }
        }
    }

    private static ConfigurableApplicationContext start(
            Map<String, Object> environment, @Nullable SSLContext authorities) {
        return new SpringApplicationBuilder(SignupMailApplication.class)
                .initializers(starting -> {
                    // Logging is set up by now.
                    LOGGING.unlock();
                    MutablePropertySources sources = starting.getEnvironment().getPropertySources();
                    sources.stream()
                            .map(PropertySource::getName)
                            .filter(name -> name.contains("/run/secrets"))
                            .toList()
                            .forEach(sources::remove);
                    if (authorities != null && starting instanceof GenericApplicationContext registry) {
                        registry.registerBean("tlsSockets", TlsSockets.class, () -> new TlsSockets(authorities));
                    }
                })
                .environment(new OnlyTheseSettings(environment))
                .registerShutdownHook(false)
                .run();
    }

    /** Stops it as SIGTERM does. Topic, group and files stay. Does nothing when it is stopped. */
    public synchronized void stop() {
        ConfigurableApplicationContext running = context;
        context = null;
        if (running != null) {
            running.close();
        }
    }

    /** Stops it and removes its files. */
    @Override
    public void close() {
        stop();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The test's files were not removed", e);
        }
    }

    /** Waits until all partitions of the topic of events are read. */
    public void awaitReading() {
        try (Admin admin = kafka.admin()) {
            Awaitility.await("reading " + topic())
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(PATIENCE)
                    .until(() -> isReading(admin));
        }
    }

    private boolean isReading(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return admin
                            .describeConsumerGroups(List.of(group()))
                            .all()
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .values()
                            .stream()
                            .filter(group -> group.state() == ConsumerGroupState.STABLE)
                            .flatMap(group -> group.members().stream())
                            .flatMap(member -> member.assignment().topicPartitions().stream())
                            .filter(partition -> partition.topic().equals(topic()))
                            .distinct()
                            .count()
                    == partitions;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    /** Publishes the event as it is, keyed by its recipient, and returns it. */
    public TestEvent publish(TestEvent event) {
        publishBytes(event.key(), event.value(), event.headers());
        return event;
    }

    /** Publishes any record; null as value is a tombstone. */
    public RecordMetadata publishBytes(@Nullable String key, byte @Nullable [] value, Header... headers) {
        return kafka.publishBytes(topic(), key, value, headers);
    }

    /** Publishes text as a record's value. */
    public RecordMetadata publishText(@Nullable String key, String value, Header... headers) {
        return publishBytes(key, value.getBytes(StandardCharsets.UTF_8), headers);
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    public String topic() {
        return setting("SIGNUP_TOPIC");
    }

    public String group() {
        return setting("KAFKA_GROUP");
    }

    /** All settings as they were given. */
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /** Starts one more like this one: the same relays, topic and group, but files of its own. */
    public SignupMailer another() {
        try {
            Path place = Files.createTempDirectory("signup-mailer-");
            Map<String, String> same = new HashMap<>(settings);
            same.put(
                    "MAILER_DEAD_LETTER_FILE",
                    place.resolve("dead-letter.jsonl").toString());
            SignupMailer other = new SignupMailer(kafka, same, place, partitions, trusted);
            other.startAgain();
            return other;
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for the test's files", e);
        }
    }

    /** A setting as it was given. */
    public String setting(String name) {
        String value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }

    public Path deadLetterFile() {
        return Path.of(setting("MAILER_DEAD_LETTER_FILE"));
    }

    /** The lines of the dead-letter log; empty while there is none. */
    public List<DeadLetterLine> deadLetters() {
        try {
            if (!Files.exists(deadLetterFile())) {
                return List.of();
            }
            String text = Files.readString(deadLetterFile());
            // The last line may be half written at this moment.
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(DeadLetterLine::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The dead-letter log can't be read", e);
        }
    }

    /** The records of the dead-letter topic. */
    public List<DeadLetterLine> deadLetterTopic() {
        return kafka.records(topic() + ".dead-letter").stream()
                .map(record -> DeadLetterLine.parse(record.value()))
                .toList();
    }

    /** Waits until the dead-letter log has so many lines, and returns all of them. */
    public List<DeadLetterLine> awaitDeadLetters(int n) {
        Awaitility.await(n + " dead letters")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> deadLetters().size() >= n);
        return deadLetters();
    }

    /** The sum of the committed offsets of all partitions: how many records of a fresh topic need not be read again. */
    public long committed() {
        return kafka.committedOffsets(group()).entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Waits until that many records need not be read again. */
    public void awaitCommitted(long records) {
        Awaitility.await(records + " records committed")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> committed() >= records);
    }

    /**
     * The sum of all counters of this name that have these tags.
     *
     * @param tags name, value, name, value
     */
    public double counter(String name, String... tags) {
        return registry().find(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    public MeterRegistry registry() {
        return bean(MeterRegistry.class);
    }

    public CamelContext camel() {
        return bean(CamelContext.class);
    }

    /** What it is made of, for tests that look at all of it. */
    public ApplicationContext context() {
        return running();
    }

    /** The port on which its management listens, which opens some time after the start: waits for that. */
    public int managementPort() {
        Environment environment = running().getEnvironment();
        return Integer.parseInt(Awaitility.await("the management port")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> environment.getProperty("local.server.port"), Objects::nonNull));
    }

    /** A part of the application. */
    public <T> T bean(Class<T> type) {
        return running().getBean(type);
    }

    private synchronized ConfigurableApplicationContext running() {
        ConfigurableApplicationContext running = context;
        if (running == null) {
            throw new IllegalStateException("It is stopped; call startAgain() first");
        }
        return running;
    }

    /** The settings of a test where a real process has those of its machine. */
    private static final class OnlyTheseSettings extends StandardServletEnvironment {

        private OnlyTheseSettings(Map<String, Object> settings) {
            MutablePropertySources sources = getPropertySources();
            sources.replace(
                    StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
                    new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME, Map.of()));
            sources.replace(
                    StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                    new SystemEnvironmentPropertySource(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, settings));
        }
    }
}
