package org.signupmailer.dev;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.signupmailer.testing.kafka.FreePorts;

/** The ports of the development run; 0 takes a free one. */
record DevelopmentSettings(Port kafka, Port firstRelay, Port secondRelay, Port inbox, Port management) {

    /** From system properties, else from environment variables, of the same names. */
    static DevelopmentSettings read() {
        return read(name -> Optional.ofNullable(System.getProperty(name)).orElseGet(() -> System.getenv(name)));
    }

    static DevelopmentSettings read(Function<String, @Nullable String> lookup) {
        return new DevelopmentSettings(
                Port.read(lookup, "DEV_KAFKA_PORT", "Kafka", 9092),
                Port.read(lookup, "DEV_SMTP_PORT", "the first relay", 2525),
                Port.read(lookup, "DEV_SMTP_2_PORT", "the second relay", 2526),
                Port.read(lookup, "DEV_INBOX_PORT", "the inbox page", 8025),
                Port.read(lookup, "MANAGEMENT_PORT", "management", 8081));
    }

    /** One sentence for each port that can't be had; empty when all is well. */
    List<String> problems() {
        List<Port> ports = List.of(kafka, firstRelay, secondRelay, inbox, management);
        return ports.stream()
                .flatMap(port -> Stream.concat(
                        port.problem().stream(),
                        ports.subList(0, ports.indexOf(port)).stream()
                                .filter(other -> port.number() > 0 && other.number() == port.number())
                                .map(other -> "%s and %s are both %d; give each a port of its own."
                                        .formatted(other.setting(), port.setting(), port.number()))))
                .toList();
    }

    /**
     * Where one part of the development run listens.
     *
     * @param written what the setting says
     * @param number -1 when what is written is no port
     */
    record Port(String setting, String purpose, String written, int number) {

        static Port read(Function<String, @Nullable String> lookup, String setting, String purpose, int byDefault) {
            String written = lookup.apply(setting);
            String effective = written == null || written.isBlank() ? Integer.toString(byDefault) : written.strip();
            return new Port(setting, purpose, effective, parse(effective));
        }

        Optional<String> problem() {
            if (number < 0) {
                return Optional.of(
                        "%s is \"%s\", but a port is a number from 1 to 65535 (or 0 for any free one); set it so."
                                .formatted(setting, written));
            }
            if (number > 0 && !FreePorts.isFree(number)) {
                return Optional.of(
                        "Port %d for %s is taken by another program; stop that one, or set %s to another port."
                                .formatted(number, purpose, setting));
            }
            return Optional.empty();
        }

        private static int parse(String text) {
            try {
                int number = Integer.parseInt(text);
                return number <= 65_535 ? number : -1;
            } catch (NumberFormatException e) {
                return -1;
            }
        }
    }
}
