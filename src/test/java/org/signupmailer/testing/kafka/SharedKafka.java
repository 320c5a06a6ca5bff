package org.signupmailer.testing.kafka;

/**
 * One broker for all tests of this JVM that don't stop it: they use topics and groups of their own. It is started when
 * first asked for and removed when the JVM ends.
 */
public final class SharedKafka {

    private SharedKafka() {}

    public static EmbeddedKafka get() {
        return Holder.KAFKA;
    }

    private static final class Holder {

        private static final EmbeddedKafka KAFKA = EmbeddedKafka.start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(KAFKA::close, "shared-kafka-close"));
        }
    }
}
