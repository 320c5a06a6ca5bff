package org.signupmailer.kafka;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.signupmailer.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/**
 * Loads Kafka's clients, some 1,400 classes, while Spring starts, by asking the brokers something in the background.
 * Nothing comes of it but time: it reads no event, creates nothing, joins no group, and whatever fails is told by those
 * who need it to succeed.
 */
public final class KafkaAhead {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaAhead.class);
    private static final int REQUEST_MILLIS = 2_000;

    private KafkaAhead() {}

    /** Begins and returns at once. */
    public static void begin(Environment environment) {
        Thread thread = new Thread(() -> load(environment), "kafka-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load(Environment environment) {
        try {
            KafkaSettings settings = KafkaSettings.read(environment);
            Map<String, Object> client = settings.client(settings.group() + "-ahead");
            client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
            client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
            try (Admin admin = Admin.create(client)) {
                var unused = admin.listTopics().names().get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
            }
            client.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            client.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
            new KafkaConsumer<byte[], byte[]>(client).close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | KafkaException | SettingException e) {
            LOG.debug("Kafka's clients were not loaded ahead", e);
        }
    }
}
