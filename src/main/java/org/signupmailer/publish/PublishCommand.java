package org.signupmailer.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.EventType;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.topic.Moment;
import org.signupmailer.topic.Plain;
import org.signupmailer.topic.TopicCommand;
import org.signupmailer.topic.TopicReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code publish TYPE --to ADDRESS}: one event by hand, as a publisher would write it. */
@Command(
        name = "publish",
        description = "Puts one event onto the topic, keyed as it should be, after judging it as the application does.")
public final class PublishCommand extends TopicCommand {

    @Parameters(paramLabel = "TYPE", description = "Type of the event, such as signup.verification-code.")
    private String type = "";

    @Option(names = "--to", paramLabel = "ADDRESS", required = true, description = "The recipient.")
    private String to = "";

    @Option(names = "--name", description = "How to greet the recipient.")
    private @Nullable String name;

    @Option(names = "--locale", description = "Language of the mail, such as ru.")
    private @Nullable String locale;

    @Option(names = "--code", description = "What the user types.")
    private @Nullable String code;

    @Option(names = "--link", description = "What the user opens; https.")
    private @Nullable String link;

    @Option(names = "--invited-by", paramLabel = "NAME", description = "Who invites.")
    private @Nullable String invitedBy;

    @Option(names = "--new-email", paramLabel = "ADDRESS", description = "The address that the account shall use.")
    private @Nullable String newEmail;

    @Option(names = "--expires-in", paramLabel = "TIME", description = "When code or link die: 90s, 10m, 2h.")
    private @Nullable String expiresIn;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "JSON file with the event's data; the options above win over it.")
    private @Nullable Path data;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Id of the event; the same id is mailed once. Default: drawn.")
    private @Nullable String id;

    @Option(
            names = "--source",
            paramLabel = "URI",
            defaultValue = "/signup-mailer/publish",
            description = "Who says so; default ${DEFAULT-VALUE}.")
    private String source = "";

    @Option(names = "--wait", description = "Wait until the event has ended, and say how.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long --wait waits; default ${DEFAULT-VALUE}.")
    private String timeout = "";

    @Override
    protected int run(KafkaSettings kafka) throws IOException {
        Duration patience = time("--timeout", timeout);
        EventDraft draft = draft();
        SignupEvent event = draft.judged();
        try (TopicReader topic = new TopicReader(kafka, kafka.topic())) {
            if (!topic.exists()) {
                throw new IOException("There is no topic " + kafka.topic() + " at " + kafka.brokers()
                        + "; start the application once, which creates it, or set SIGNUP_TOPIC.");
            }
        }
        try (EndWatch end = new EndWatch(kafka, event.id());
                KafkaWriter writer = new KafkaWriter(kafka)) {
            EndWatch.End before = end.skipPast(id != null);
            RecordMetadata place = writer.write(new ProducerRecord<>(
                    kafka.topic(), event.recipientKey().getBytes(StandardCharsets.UTF_8), draft.bytes()));
            out().println("Published " + event.type() + " " + Plain.text(event.id()) + " to " + place.topic() + "-"
                    + place.partition() + "@" + place.offset());
            out().flush();
            if (before != null && before.accepted()) {
                out().println("A relay has accepted this id before, so it will not be mailed again.");
                return 0;
            }
            return wait ? told(end, patience) : 0;
        }
    }

    private int told(EndWatch watch, Duration patience) throws IOException {
        EndWatch.End end = watch.await(patience);
        if (end == null) {
            err().println("No end within " + Moment.words(patience)
                    + ": it waits for a relay or for another try, or the application does not run.");
            return 1;
        }
        out().println(end.words());
        return end.accepted() ? 0 : 1;
    }

    private EventDraft draft() throws IOException {
        if (EventType.of(type).isEmpty()) {
            throw wrong("\"" + Plain.text(type) + "\" is no type of event; use one of "
                    + String.join(", ", EventType.typeNames()) + ".");
        }
        String drawn = UUID.randomUUID().toString();
        EventDraft draft = new EventDraft(type, id == null ? drawn : id, source, CLOCK.instant(), data);
        draft.set("email", to);
        draft.set("name", name);
        draft.set("locale", locale);
        draft.set("code", code);
        draft.set("link", link);
        draft.set("invitedBy", invitedBy);
        draft.set("newEmail", newEmail);
        if (expiresIn != null) {
            draft.set(
                    "expiresAt",
                    CLOCK.instant().plus(time("--expires-in", expiresIn)).toString());
        }
        return draft;
    }

    private Duration time(String option, String text) {
        try {
            return Moment.duration(option, text);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }
}
