package org.signupmailer.retry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.delivery.Origin;
import org.signupmailer.delivery.RetryStore;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.AttemptStory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The retry topics: one per delay, so that those behind in a topic are never due before those in front. A record there
 * is the event as it was published, with headers that say when it is due, where it came from and what was tried.
 */
public final class RetryTopics implements RetryStore {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.events");

    private static final String OURS = "signup-mailer-";
    private static final String DUE = OURS + "due";
    private static final String PAST = OURS + "past";
    /** Without {@code expiresAt}, tries go on for this long. */
    private static final Duration WITHOUT_EXPIRY = Duration.ofHours(24);
    /** A day of tries at three relays would make a story that nobody reads to its end. */
    private static final int ATTEMPTS_TOLD = 60;

    private final KafkaSettings settings;
    private final KafkaWriter writer;
    private final ObjectMapper json;
    private final Clock clock;

    RetryTopics(KafkaSettings settings, KafkaWriter writer, ObjectMapper json, Clock clock) {
        this.settings = settings;
        this.writer = writer;
        this.json = json;
        this.clock = clock;
    }

    private record Story(
            String topic, int partition, long offset, Instant timestamp, int retries, List<AttemptStory> attempts) {}

    @Override
    public @Nullable Duration schedule(Delivery delivery) throws IOException {
        Instant now = clock.instant();
        Duration delay = delay(delivery, now);
        if (delay == null) {
            return null;
        }
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        ProducerRecord<byte[], byte[]> retry =
                new ProducerRecord<>(settings.retryTopic(delay), record.key(), record.value());
        for (Header header : record.headers()) {
            if (!header.key().startsWith(OURS)) {
                retry.headers().add(header);
            }
        }
        Instant due = now.plus(delay);
        retry.headers().add(DUE, String.valueOf(due.toEpochMilli()).getBytes(StandardCharsets.US_ASCII));
        retry.headers().add(PAST, json.writeValueAsBytes(story(delivery)));
        writer.write(retry);
        return delay;
    }

    // The delay whose turn it is; a shorter one where that would be too late, since a late code is better than none.
    private @Nullable Duration delay(Delivery delivery, Instant now) {
        SignupEvent event = delivery.event();
        Instant expiresAt = event == null ? null : event.expiresAt();
        Instant deadline =
                expiresAt != null ? expiresAt : delivery.origin().timestamp().plus(WITHOUT_EXPIRY);
        List<Duration> delays = settings.retryDelays();
        for (int i = Math.min(delivery.retries(), delays.size() - 1); i >= 0; i--) {
            if (now.plus(delays.get(i)).isBefore(deadline)) {
                return delays.get(i);
            }
        }
        return null;
    }

    private static Story story(Delivery delivery) {
        Origin origin = delivery.origin();
        List<Attempt> attempts = delivery.attempts();
        List<Attempt> told = new ArrayList<>(attempts);
        while (told.size() > ATTEMPTS_TOLD) {
            // The first one says how it began, the last ones how it stands.
            told.remove(1);
        }
        return new Story(
                origin.topic(),
                origin.partition(),
                origin.offset(),
                origin.timestamp(),
                delivery.retries() + 1,
                told.stream().map(AttemptStory::of).toList());
    }

    /** Whether the header is one by which retries are told; such a header enters from retry topics only. */
    public static boolean isOurs(String header) {
        return header.startsWith(OURS);
    }

    /** When the record is due; a time long past when it does not say. */
    public Instant due(Headers headers) {
        Header header = headers.lastHeader(DUE);
        if (header == null || header.value() == null) {
            return Instant.EPOCH;
        }
        try {
            Instant due = Instant.ofEpochMilli(Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII)));
            Duration longest = settings.retryDelays().get(settings.retryDelays().size() - 1);
            // Nothing of ours waits longer; and what is long past is due.
            Instant latest = clock.instant().plus(longest);
            return due.isAfter(latest) ? latest : due.isBefore(Instant.EPOCH) ? Instant.EPOCH : due;
        } catch (NumberFormatException e) {
            return Instant.EPOCH;
        }
    }

    /** What happened to the event before; nothing, where the record does not say it in our words. */
    public Delivery.Past past(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(PAST);
        if (header != null) {
            try {
                Story story = json.readValue(header.value(), new TypeReference<>() {});
                return new Delivery.Past(
                        new Origin(
                                Objects.requireNonNull(story.topic()),
                                story.partition(),
                                story.offset(),
                                Objects.requireNonNull(story.timestamp())),
                        story.attempts().stream().map(AttemptStory::attempt).toList(),
                        Math.max(0, story.retries()));
            } catch (IOException | RuntimeException e) {
                // Somebody wrote into the topic by hand: the event counts, its past does not.
                LOG.warn("A record of {} does not tell its past in the words of signup-mailer", record.topic());
            }
        }
        return Delivery.Past.none(record);
    }
}
