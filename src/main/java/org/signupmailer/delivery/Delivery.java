package org.signupmailer.delivery;

import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.OutgoingMail;

/** One event on its way from its record to its end. Handled by one thread at a time. */
public final class Delivery {

    private static final String PROPERTY = "SignupMailerDelivery";

    private final ConsumerRecord<byte[], byte[]> record;
    private final @Nullable SignupEvent event;
    private final @Nullable InvalidEventException invalid;
    private final Instant readAt;
    private @Nullable OutgoingMail mail;
    private @Nullable DeadLetterReason deadLetter;

    private Delivery(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable SignupEvent event,
            @Nullable InvalidEventException invalid,
            Instant readAt) {
        this.record = record;
        this.event = event;
        this.invalid = invalid;
        this.readAt = readAt;
    }

    public static Delivery of(ConsumerRecord<byte[], byte[]> record, SignupEvent event, Instant readAt) {
        return new Delivery(record, event, null, readAt);
    }

    public static Delivery of(ConsumerRecord<byte[], byte[]> record, InvalidEventException invalid, Instant readAt) {
        return new Delivery(record, null, invalid, readAt);
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

    public void putInto(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
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

    /** The attempts made so far, oldest first. */
    public List<Attempt> attempts() {
        OutgoingMail rendered = mail;
        return rendered == null ? List.of() : rendered.attempts();
    }

    /** The attempt by which a relay took the mail; null while none did. */
    public @Nullable Attempt acceptance() {
        OutgoingMail rendered = mail;
        return rendered == null ? null : rendered.acceptance();
    }

    void rendered(OutgoingMail mail) {
        this.mail = mail;
    }

    /** To be called once the dead letter is safely written, not before. */
    public void deadLettered(DeadLetterReason reason) {
        this.deadLetter = reason;
    }

    public @Nullable DeadLetterReason deadLetter() {
        return deadLetter;
    }

    /** Whether the event has ended: a relay accepted it or its dead letter is written. */
    public boolean hasEnded() {
        return deadLetter != null || acceptance() != null;
    }

    @Override
    public String toString() {
        return "delivery of " + record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
