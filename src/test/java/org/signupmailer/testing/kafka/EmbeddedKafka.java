package org.signupmailer.testing.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A real Kafka broker (KRaft, one node, no authentication) in this JVM, on localhost only. It can be stopped and started
 * again on the same port with the same data, which is how a test shows what a broker's restart does. Many may run at
 * once. Topics are not created by being named, unless {@code auto.create.topics.enable=true} is given.
 *
 * <p>Calls that need the broker wait up to {@link #PATIENCE} and then throw {@link IllegalStateException}.
 */
public final class EmbeddedKafka implements AutoCloseable {

    /** How long any single call may take. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int START_ATTEMPTS = 5;

    // Brokers in one JVM register their metrics under their node id, so each has its own.
    private static final AtomicInteger NODE_IDS = new AtomicInteger(1);

    private final int port;
    private final int controllerPort;
    private final int nodeId = NODE_IDS.getAndIncrement();
    private final Path dataDirectory;
    private final Map<String, String> brokerSettings;
    private @Nullable KafkaRaftServer server;
    private @Nullable KafkaProducer<String, byte[]> producer;

    private EmbeddedKafka(int port, Map<String, String> brokerSettings) throws IOException {
        this.port = port;
        this.controllerPort = FreePorts.any();
        this.brokerSettings = Map.copyOf(brokerSettings);
        this.dataDirectory = Files.createTempDirectory("embedded-kafka-");
    }

    /** A broker on a free port. */
    public static EmbeddedKafka start() {
        return start(Map.of());
    }

    /** A broker on a free port, with settings of {@code server.properties} that win over this class's own. */
    public static EmbeddedKafka start(Map<String, String> brokerSettings) {
        IllegalStateException last = new IllegalStateException("never tried");
        for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
            try {
                return startOn(FreePorts.any(), brokerSettings);
            } catch (IllegalStateException failure) {
                // Somebody else may have taken the port in between; another one is as good.
                last = failure;
            }
        }
        throw last;
    }

    /**
     * A broker on this port of localhost.
     *
     * @throws BindException when the port is taken
     */
    public static EmbeddedKafka start(int port) throws BindException {
        return start(port, Map.of());
    }

    /**
     * A broker on this port of localhost, with settings of {@code server.properties} that win over this class's own.
     *
     * @throws BindException when the port is taken
     */
    public static EmbeddedKafka start(int port, Map<String, String> brokerSettings) throws BindException {
        if (!FreePorts.isFree(port)) {
            throw new BindException("Port " + port + " is taken");
        }
        return startOn(port, brokerSettings);
    }

    private static EmbeddedKafka startOn(int port, Map<String, String> brokerSettings) {
        BrokerLogs.quieten();
        EmbeddedKafka kafka;
        try {
            kafka = new EmbeddedKafka(port, brokerSettings);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded broker has no directory for its data", e);
        }
        try {
            kafka.format();
            kafka.startAgain();
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** What clients call {@code bootstrap.servers}: {@code localhost:<port>}. The same over restarts. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    public int port() {
        return port;
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    /** Stops the broker in good order and keeps its data. Does nothing when it is stopped already. */
    public synchronized void stop() {
        KafkaRaftServer running = server;
        server = null;
        if (running != null) {
            running.shutdown();
            running.awaitShutdown();
        }
    }

    /** Starts a stopped broker on the same port with the data it had; returns when it serves. */
    public synchronized void startAgain() {
        if (server != null) {
            throw new IllegalStateException("The embedded broker on port " + port + " is running; stop() it first");
        }
        KafkaRaftServer starting = new KafkaRaftServer(new KafkaConfig(settings(), false), Time.SYSTEM);
        try {
            starting.startup();
        } catch (RuntimeException e) {
            starting.shutdown();
            starting.awaitShutdown();
            throw new IllegalStateException("The embedded broker did not start on port " + port, e);
        }
        server = starting;
    }

    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with settings such as {@code cleanup.policy}, and returns when it can be written to. */
    public void createTopic(String name, int partitions, Map<String, String> topicSettings) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.of((short) 1)).configs(topicSettings);
        try (Admin admin = admin()) {
            await(admin.createTopics(List.of(topic)).all(), "create topic " + name);
        }
    }

    /** Publishes text in UTF-8 (null is an empty record, a tombstone) and returns when the broker has it. */
    public RecordMetadata publish(String topic, @Nullable String key, @Nullable String value, Header... headers) {
        return publishBytes(topic, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** Publishes any bytes and returns when the broker has them. */
    public RecordMetadata publishBytes(String topic, @Nullable String key, byte @Nullable [] value, Header... headers) {
        try {
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, null, key, value, List.of(headers));
            return producer().send(record).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while publishing to " + topic, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The embedded broker did not take a record for " + topic, e);
        }
    }

    /** A record header with text in UTF-8, for {@link #publish}. */
    public static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * All records that are in the topic now, from the beginning to the end; in order within a partition. Empty when the
     * topic has none or isn't there.
     */
    public List<ConsumerRecord<String, String>> records(String topic) {
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        Map<String, Object> settings = new HashMap<>(clientSettings());
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("allow.auto.create.topics", false);
        // Closing waits for a request that is under way.
        settings.put("fetch.max.wait.ms", 20);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("Not all records of " + topic + " could be read in " + PATIENCE);
                }
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    /** What a consumer group has committed, by partition; empty when it has committed nothing. */
    public Map<TopicPartition, Long> committedOffsets(String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = await(
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), "list offsets of " + group);
            committed.forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        }
        return offsets;
    }

    /** A client with the broker's every door; the caller closes it. */
    public Admin admin() {
        return Admin.create(clientSettings());
    }

    /** Stops the broker and removes its data. */
    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
        stop();
        try {
            FileSystemUtils.deleteRecursively(dataDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded broker's data was not removed", e);
        }
    }

    private Map<String, Object> clientSettings() {
        return Map.of(
                "bootstrap.servers", bootstrapServers(),
                "request.timeout.ms", (int) PATIENCE.toMillis(),
                "default.api.timeout.ms", (int) PATIENCE.toMillis());
    }

    private synchronized KafkaProducer<String, byte[]> producer() {
        if (producer == null) {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    bootstrapServers(),
                    "max.block.ms",
                    PATIENCE.toMillis(),
                    "request.timeout.ms",
                    (int) PATIENCE.toMillis() - 1_000,
                    "delivery.timeout.ms",
                    (int) PATIENCE.toMillis(),
                    "max.request.size",
                    16 * 1024 * 1024,
                    "linger.ms",
                    0);
            producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    private static <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting to " + what, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The embedded broker did not " + what, e);
        }
    }

    private void format() {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(nodeId)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .addDirectory(dataDirectory.toString())
                    .setMetadataLogDirectory(dataDirectory.toString())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("The embedded broker's data directory could not be prepared", e);
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(nodeId));
        settings.put("controller.quorum.voters", nodeId + "@localhost:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        settings.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
        settings.put("log.dirs", dataDirectory.toString());
        settings.put("auto.create.topics.enable", "false");
        // One node: no copies to wait for.
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        // Tests wait for these.
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        // Small: the defaults are for machines with many disks (the log cleaner alone takes 128 MB).
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("num.network.threads", "1");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "1");
        settings.put("num.recovery.threads.per.data.dir", "1");
        settings.putAll(brokerSettings);
        return settings;
    }
}
