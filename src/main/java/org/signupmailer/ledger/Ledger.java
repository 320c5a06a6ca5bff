package org.signupmailer.ledger;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;

/**
 * One record per finished event in a compacted topic. An id that a relay accepted is known to every process of the
 * group, after restarts and rebalances too, for as long as the ledger keeps it.
 */
public final class Ledger implements Acceptances, AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();
    private static final String ACCEPTED = "accepted";
    private static final byte[] ACCEPTED_BYTES = ACCEPTED.getBytes(StandardCharsets.US_ASCII);
    private static final String DEAD = "dead";
    /** Read in half a second; what is read again after a crash is mostly among them. */
    private static final int NEWEST = 200_000;

    private final KafkaSettings settings;
    private final KafkaWriter writer;
    private final AcceptedIds ids;
    private final QuotaUse quotaUse = new QuotaUse();
    private final LedgerTail tail;

    public Ledger(KafkaSettings settings, KafkaWriter writer) {
        this(settings, writer, NEWEST);
    }

    /** @param newest how many entries are read before those that are older */
    Ledger(KafkaSettings settings, KafkaWriter writer, long newest) {
        this.settings = settings;
        this.writer = writer;
        this.ids = new AcceptedIds(KafkaSettings.LEDGER_KEPT, InstantSource.system());
        this.tail = new LedgerTail(settings, ids, quotaUse, newest);
    }

    private record Entry(
            String id,
            @Nullable String type,
            String end,
            @Nullable String relay,
            @Nullable String reason,
            int attempts,
            Instant at) {

        byte[] json() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                json.writeStartObject();
                write(json, "id", id);
                write(json, "type", type);
                write(json, "end", end);
                write(json, "relay", relay);
                write(json, "reason", reason);
                json.writeNumberField("attempts", attempts);
                json.writeStringField("at", ITU.formatUtcMilli(at.atOffset(ZoneOffset.UTC)));
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException("written to memory", e);
            }
            return bytes.toByteArray();
        }

        private static void write(JsonGenerator json, String field, @Nullable String value) throws IOException {
            if (value != null) {
                json.writeStringField(field, value);
            }
        }
    }

    /** Whether a relay has accepted the event with this id. */
    public boolean accepted(String id) {
        return ids.contains(id);
    }

    /**
     * Records that a relay accepted the event. In this process that is known at once, since the mail is out, whatever
     * becomes of the record.
     *
     * @return the record, on its way; it is there for good when the brokers have confirmed it
     */
    public KafkaWriter.Sent accepted(String id, String type, String relay, int attempts, Instant at) {
        ids.add(id, at);
        return writer.begin(record(id, new Entry(id, type, ACCEPTED, relay, null, attempts, at)));
    }

    /**
     * Records for good that the event is a dead letter; a replay of it may be accepted later.
     *
     * @throws IOException when the brokers do not confirm it
     */
    public void dead(String id, @Nullable String type, String reason, int attempts, Instant at) throws IOException {
        writer.write(record(id, new Entry(id, type, DEAD, null, reason, attempts, at)));
    }

    private ProducerRecord<byte[], byte[]> record(String id, Entry entry) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(settings.ledgerTopic(), id.getBytes(StandardCharsets.UTF_8), entry.json());
        // Read back by every process at its start: from a header, so that a million entries need no parsing.
        record.headers().add(LedgerTail.END, entry.end().getBytes(StandardCharsets.US_ASCII));
        if (entry.relay() != null) {
            record.headers().add(LedgerTail.RELAY, entry.relay().getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    static boolean isAcceptance(byte @Nullable [] end) {
        return Arrays.equals(end, ACCEPTED_BYTES);
    }

    /**
     * Begins to read before anybody asks, and returns at once. Brokers that do not answer and a ledger that does not
     * exist are nobody's worry until {@link #catchUp} asks.
     */
    void readAhead() {
        tail.begin();
    }

    @Override
    public boolean catchUp(Duration within) throws InterruptedException {
        return prepared(tail.catchUp(within));
    }

    @Override
    public boolean catchUpWithNewest(Duration within) throws InterruptedException {
        return prepared(tail.catchUpWithNewest(within));
    }

    private boolean prepared(boolean read) {
        // The first mails would otherwise be accepted long before their records: a kill then would mail them again.
        writer.prepare(settings.ledgerTopic());
        return read;
    }

    @Override
    public boolean tells(long published) {
        return tail.tells(published);
    }

    /** What the relays have accepted, by the hour. */
    QuotaUse quotaUse() {
        return quotaUse;
    }

    /** How many accepted ids are known. */
    public int size() {
        return ids.size();
    }

    @Override
    public void close() {
        tail.close();
    }
}
