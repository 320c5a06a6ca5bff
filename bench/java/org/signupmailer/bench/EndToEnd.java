package org.signupmailer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
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
 * The whole way, with every guarantee on: a broker and a relay in this process, the application in one of its own. Broker
 * and relay share the machine with it and are no fast ones, so compare only runs of the same machine and day. Arguments:
 * the number of events (40000), and how many milliseconds each reply of the relay takes (0).
 */
public final class EndToEnd {

    private static final String TOPIC = "signup-events";
    private static final int PARTITIONS = 6;
    // What comes before is start and warm-up.
    private static final double MEASURED_FROM = 0.3;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private EndToEnd() {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 40_000;
        int delay = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        Path folder = Files.createTempDirectory("signup-mailer-bench-");
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer relay =
                        ScriptedSmtpServer.with().keepMails(false).start()) {
            if (delay > 0) {
                for (Phase phase : List.of(Phase.MAIL, Phase.DATA_END)) {
                    relay.on(phase).delay(Duration.ofMillis(delay));
                }
            }
            kafka.createTopic(TOPIC, PARTITIONS);
            publish(kafka, events);
            long start = System.nanoTime();
            Process process = start(kafka, relay, folder);
            try {
                measure(process, relay, events, start);
            } finally {
                process.destroy();
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        }
        System.exit(0);
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

    private static Process start(EmbeddedKafka kafka, ScriptedSmtpServer relay, Path folder) throws IOException {
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
        builder.directory(folder.toFile());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile())
                .start();
    }

    private static void measure(Process process, ScriptedSmtpServer relay, int events, long start) {
        relay.awaitMailCount(1, PATIENCE);
        double first = seconds(start);
        int warm = (int) (events * MEASURED_FROM);
        relay.awaitMailCount(warm, PATIENCE);
        int from = relay.mailCount();
        long begun = System.nanoTime();
        double cpuBefore = cpu(process);
        relay.awaitMailCount(events, PATIENCE);
        double took = seconds(begun);
        double cpu = cpu(process);
        print("first mail", "%.1f s after the start of the process", first);
        print("throughput", "%.0f mails/s (from %d %% of %d events on)", (events - from) / took, 30, events);
        print("CPU", "%.2f s per 1,000 mails", (cpu - cpuBefore) * 1000 / (events - from));
        print("CPU with start", "%.2f s per 1,000 mails", cpu * 1000 / events);
        print("most memory", "%s", mostMemory(process));
        print("connections", "%d at most, %d in all", relay.mostOpenConnections(), relay.connections());
    }

    private static void print(String what, String format, Object... values) {
        System.out.printf(Locale.ROOT, "%-16s%s%n", what, String.format(Locale.ROOT, format, values));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static double cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0;
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
