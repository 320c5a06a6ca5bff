package org.signupmailer.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.Onward;
import org.signupmailer.relay.OutgoingMail;

/**
 * One event on its way from its record to its end. It goes through the routes once, or again when no relay was there to
 * be asked. Handled by one thread at a time.
 */
public final class Delivery {

    private static final String PROPERTY = "SignupMailerDelivery";

    private final ConsumerRecord<byte[], byte[]> record;
    private final @Nullable SignupEvent event;
    private final @Nullable InvalidEventException invalid;
    private final Instant readAt;
    private final Past past;
    private Onward onward = Onward.AT_ONCE;

    private @Nullable OutgoingMail mail;
    private @Nullable Instant postponedUntil;
    private @Nullable DeadLetterReason deadLetter;
    private @Nullable Undeliverable refused;
    private boolean duplicate;
    private @Nullable Duration retriedAfter;

    /**
     * What happened to the event before this record of it was read.
     *
     * @param origin where it first stood
     * @param attempts made so far, oldest first
     * @param retries how often it waited in a retry topic
     */
    public record Past(Origin origin, List<Attempt> attempts, int retries) {

        public Past {
            attempts = List.copyOf(attempts);
        }

        /** Nothing yet: the record is the event's first. */
        public static Past none(ConsumerRecord<?, ?> record) {
            return new Past(Origin.of(record), List.of(), 0);
        }
    }

    private Delivery(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable SignupEvent event,
            @Nullable InvalidEventException invalid,
            Instant readAt,
            Past past) {
        this.record = record;
        this.event = event;
        this.invalid = invalid;
        this.readAt = readAt;
        this.past = past;
    }

    /** A delivery of a valid event. */
    public static Delivery of(ConsumerRecord<byte[], byte[]> record, SignupEvent event, Instant readAt, Past past) {
        return new Delivery(record, event, null, readAt, past);
    }

    /** A delivery of what is no event; its end is a dead letter. */
    public static Delivery of(
            ConsumerRecord<byte[], byte[]> record, InvalidEventException invalid, Instant readAt, Past past) {
        return new Delivery(record, null, invalid, readAt, past);
    }

    /** The delivery that an exchange carries through the routes. */
    public static Delivery of(Exchange exchange) {
        Delivery delivery = exchange.getProperty(PROPERTY, Delivery.class);
        if (delivery == null) {
            throw new IllegalStateException(
                    "This step works on signup events only: put it behind from: signup-events:");
        }
        return delivery;
    }

    /** Sends it through the routes with this exchange. */
    public void putInto(Exchange exchange) {
        postponedUntil = null;
        refused = null;
        exchange.setProperty(PROPERTY, this);
    }

    /** Says how it goes on in the routes once a relay has answered. */
    public void goesOn(Onward by) {
        this.onward = by;
    }

    /** The record as it was read, but for the headers that may not enter. */
    public ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** The event; null when the record does not hold a valid one. */
    public @Nullable SignupEvent event() {
        return event;
    }

    /** Why the record does not hold a valid event; null when it does. */
    public @Nullable InvalidEventException invalid() {
        return invalid;
    }

    /** When the record was read from Kafka. */
    public Instant readAt() {
        return readAt;
    }

    /** Where the event first stood. */
    public Origin origin() {
        return past.origin();
    }

    /** How often the event has waited in a retry topic. */
    public int retries() {
        return past.retries();
    }

    /** All attempts, those before a retry too, oldest first. */
    public List<Attempt> attempts() {
        List<Attempt> now = attemptsSinceRead();
        if (past.attempts().isEmpty()) {
            return now;
        }
        List<Attempt> all = new ArrayList<>(past.attempts());
        all.addAll(now);
        return all;
    }

    /** The attempts made since this record was read, oldest first. */
    public List<Attempt> attemptsSinceRead() {
        OutgoingMail rendered = mail;
        return rendered == null ? List.of() : rendered.attempts();
    }

    /** The attempt by which a relay took the mail; null while none did. */
    public @Nullable Attempt acceptance() {
        OutgoingMail rendered = mail;
        return rendered == null ? null : rendered.acceptance();
    }

    /** The mail, once it is made: the same through all passes. */
    @Nullable
    OutgoingMail mail() {
        return mail;
    }

    void rendered(OutgoingMail rendered) {
        rendered.goesOn(onward);
        this.mail = rendered;
    }

    /** To be called when nothing more is done for this record here, however it ended. */
    public void settled() {
        OutgoingMail rendered = mail;
        if (rendered != null) {
            rendered.recorded();
        }
    }

    /** No relay was there to be asked: it is to go through the routes again, not before this time. */
    void postpone(Instant until) {
        this.postponedUntil = until;
    }

    /** Not before when it is to go through the routes again; null when it is not. */
    public @Nullable Instant postponedUntil() {
        return postponedUntil;
    }

    /** It is to be a dead letter for this reason, though its dead letter could not be written yet. */
    void refuse(Undeliverable why) {
        this.refused = why;
    }

    /** Why it is to be a dead letter, where its dead letter could not be written at first; null otherwise. */
    @Nullable
    Undeliverable refused() {
        return refused;
    }

    /** To be called once the dead letter is safely written, not before. */
    public void deadLettered(DeadLetterReason reason) {
        this.deadLetter = reason;
    }

    /** Why it is a dead letter; null when it is none. */
    public @Nullable DeadLetterReason deadLetter() {
        return deadLetter;
    }

    void markDuplicate() {
        this.duplicate = true;
    }

    /** Whether it was skipped because a relay has accepted its id before. */
    public boolean duplicate() {
        return duplicate;
    }

    /** To be called once the event is safely on a retry topic, not before. */
    void markRetried(Duration after) {
        this.retriedAfter = after;
    }

    /** How long another record of it waits on a retry topic; null when none does. */
    @Nullable
    Duration retriedAfter() {
        return retriedAfter;
    }

    /**
     * Whether nothing is left to do for this record: a relay accepted the mail, or the dead letter or the retry is
     * written, or it was a duplicate.
     */
    public boolean hasEnded() {
        return duplicate || retriedAfter != null || deadLetter != null || acceptance() != null;
    }

    @Override
    public String toString() {
        return "delivery of " + past.origin();
    }
}
