package org.signupmailer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.signupmailer.SignupMailApplication;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/**
 * The whole way, with every guarantee on: a broker and a relay in this process, the application in one or more of its own.
 * Broker and relay share the machine with it and are no fast ones, so compare only runs of the same machine and day.
 *
 * <p>Arguments, each as {@code name=value}: {@code events} (40000), {@code delay} of each reply of the relay in ms (0),
 * {@code processes} (1), {@code partitions} (6), {@code concurrency} (the application's own), {@code html} as the size of
 * the HTML part in KB (the shipped template's).
 */
public final class EndToEnd {

    private static final String TOPIC = "signup-events";
    // What comes before is start and warm-up; what comes after are the last partitions running dry.
    private static final double MEASURED_FROM = 0.3;
    private static final double MEASURED_TO = 0.9;
    // What a JVM says after SIGTERM.
    private static final int STOPPED = 143;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private EndToEnd() {}

    private record Options(int events, int delay, int processes, int partitions, int concurrency, int html) {

        static Options of(String... args) {
            Map<String, Integer> given = new HashMap<>(
                    Map.of("events", 40_000, "delay", 0, "processes", 1, "partitions", 6, "concurrency", 0, "html", 0));
            for (String arg : args) {
                String[] parts = arg.split("=", 2);
                if (parts.length < 2 || given.replace(parts[0], Integer.parseInt(parts[1])) == null) {
                    throw new IllegalArgumentException(
                            "\"" + arg + "\" is none of " + new TreeSet<>(given.keySet()) + "; write name=value");
                }
            }
            return new Options(
                    given.get("events"),
                    given.get("delay"),
                    given.get("processes"),
                    given.get("partitions"),
                    given.get("concurrency"),
                    given.get("html"));
        }
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Path folder = Files.createTempDirectory("signup-mailer-bench-");
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer relay =
                        ScriptedSmtpServer.with().keepMails(false).start()) {
            if (options.delay > 0) {
                for (Phase phase : List.of(Phase.MAIL, Phase.DATA_END)) {
                    relay.on(phase).delay(Duration.ofMillis(options.delay));
                }
            }
            kafka.createTopic(TOPIC, options.partitions);
            publish(kafka, options.events);
            if (options.html > 0) {
                writeTemplates(folder, options.html);
            }
            long start = System.nanoTime();
            List<Process> processes = new ArrayList<>();
            try {
                for (int i = 0; i < options.processes; i++) {
                    processes.add(start(kafka, relay, Files.createDirectory(folder.resolve("process-" + i)), options));
                }
                measure(processes, relay, options.events, start);
            } finally {
                processes.forEach(Process::destroy);
                for (Process process : processes) {
                    if (!process.waitFor(30, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                    }
                }
            }
        }
        System.exit(0);
    }

    private static void writeTemplates(Path folder, int kilobytes) throws IOException {
        Path templates = Files.createDirectory(folder.resolve("templates"));
        String paragraph = "<p>Your code is ${code}. "
                + "It is good for a while, and nobody else may have it. ".repeat(8) + "</p>\n";
        for (String locale : List.of("en", "ru")) {
            Path own = Files.createDirectories(templates.resolve("signup.verification-code/" + locale));
            Files.writeString(own.resolve("html.ftlh"), paragraph.repeat(1 + kilobytes * 1024 / paragraph.length()));
        }
    }

    private static void publish(EmbeddedKafka kafka, int events) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        settings.put("linger.ms", "20");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < events; i++) {
                TestEvent event = TestEvents.verificationCode().name("Ann").locale(i % 2 == 0 ? "en" : "ru");
                var unused = producer.send(new ProducerRecord<>(TOPIC, event.key(), event.value()));
            }
        }
    }

    private static Process start(EmbeddedKafka kafka, ScriptedSmtpServer relay, Path folder, Options options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(), "-Xmx512m"));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path", ""), SignupMailApplication.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "KAFKA_BROKERS", kafka.bootstrapServers(),
                        "SIGNUP_TOPIC", TOPIC,
                        "SMTP_HOST", relay.host(),
                        "SMTP_PORT", Integer.toString(relay.port()),
                        "SMTP_FROM", "no-reply@shop.example",
                        "MANAGEMENT_PORT", "0",
                        "MAILER_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString()));
        if (options.concurrency > 0) {
            builder.environment().put("MAILER_CONCURRENCY", Integer.toString(options.concurrency));
        }
        Path templates = folder.resolveSibling("templates");
        if (Files.exists(templates)) {
            builder.environment().put("MAILER_TEMPLATES_DIR", templates.toString());
        }
        builder.directory(folder.toFile());
        Path log = folder.resolve("log.txt");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var unused = process.onExit().thenAccept(ended -> {
            if (ended.exitValue() != STOPPED) {
                System.err.println("The application ended by itself; " + log + " says why");
                System.exit(1);
            }
        });
        return process;
    }

    private static void measure(List<Process> processes, ScriptedSmtpServer relay, int events, long start) {
        relay.awaitMailCount(1, PATIENCE);
        double first = seconds(start);
        relay.awaitMailCount((int) (events * MEASURED_FROM), PATIENCE);
        int from = relay.mailCount();
        long begun = System.nanoTime();
        double cpuBefore = cpu(processes);
        relay.awaitMailCount((int) (events * MEASURED_TO), PATIENCE);
        int measured = relay.mailCount() - from;
        double took = seconds(begun);
        double cpu = cpu(processes) - cpuBefore;
        relay.awaitMailCount(events, PATIENCE);
        print("first mail", "%.1f s after the start of the process", first);
        print("throughput", "%.0f mails/s (from 30 to 90 %% of %d events)", measured / took, events);
        print("CPU", "%.2f s per 1,000 mails", cpu * 1000 / measured);
        print("CPU with start", "%.2f s per 1,000 mails", cpu(processes) * 1000 / events);
        for (Process process : processes) {
            print("most memory", "%s", mostMemory(process));
        }
        print("connections", "%d at most, %d in all", relay.mostOpenConnections(), relay.connections());
    }

    private static void print(String what, String format, Object... values) {
        System.out.printf(Locale.ROOT, "%-16s%s%n", what, String.format(Locale.ROOT, format, values));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double cpu(List<Process> processes) {
        return processes.stream()
                .mapToDouble(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0)
                .sum();
    }

    private static String mostMemory(Process process) {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MB resident")
                    .findFirst()
                    .orElse("not known");
        } catch (IOException e) {
            return "not known on this system";
        }
    }
}
