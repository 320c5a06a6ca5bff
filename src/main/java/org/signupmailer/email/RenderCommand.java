package org.signupmailer.email;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.EventType;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.live.SettingsCommand;
import org.signupmailer.relay.Closest;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes one mail of the templates as they are in the folder now, to be looked at before it is sent to anybody. */
@Command(name = "render", description = "Writes the mail of one event as .eml, .html and .txt. Nothing is sent.")
public final class RenderCommand extends SettingsCommand {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "TYPE", description = "Type of the event, such as signup.verification-code.")
    private String type = "";

    @Option(names = "--locale", paramLabel = "L", description = "Its locale, such as ru or pt-BR.")
    private @Nullable String locale;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "JSON of the event's data; without it, invented data that has everything.")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where to write; default is the working directory.")
    private Path out = Path.of(".");

    /** For picocli. */
    public RenderCommand() {}

    @Override
    protected int run(Environment environment) {
        if (EventType.of(type).isEmpty()) {
            throw wrong("\"" + type + "\" is no type of an event; "
                    + Closest.to(type, EventType.typeNames())
                            .map(close -> "did you mean \"" + close + "\"?")
                            .orElse("use one of " + String.join(", ", EventType.typeNames()) + "."));
        }
        SignupEvent event = event();
        String folder = environment.getProperty("mailer.templates-dir", "");
        String product = environment.getProperty("mailer.product-name", "");
        try {
            Email email = new EmailRenderer(
                            TemplateSet.load(folder.isBlank() ? null : Path.of(folder)),
                            Locale.forLanguageTag(environment.getProperty("mailer.default-locale", "en")),
                            product.isBlank() ? "Example" : product,
                            CLOCK)
                    .render(event);
            Mime mime = new MimeWriter("example.com").write(event, email, CLOCK.instant());
            String name = type + "." + email.locale().toLanguageTag();
            // A relay writes its own From line, so the file needs one to be shown as a mail.
            String from = "From: " + HeaderText.of("From", product.isBlank() ? "Example" : OneLine.of(product))
                    + " <no-reply@example.com>\r\n";
            write(name + ".eml", (from + new String(mime.content(), StandardCharsets.UTF_8)));
            write(name + ".html", email.html());
            write(name + ".txt", email.subject() + "\n\n" + email.text());
            return ExitCode.OK;
        } catch (TemplateFailure e) {
            err().println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
    }

    private void write(String name, String content) {
        Path file = out.resolve(name);
        try {
            Files.createDirectories(out);
            Files.writeString(file, content);
            out().println("Wrote " + file);
        } catch (IOException e) {
            throw new SettingException(
                    file + " can't be written (" + e.getMessage() + "); name a folder that can be, with --out.");
        }
    }

    private SignupEvent event() {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("specversion", "1.0")
                .put("id", "render")
                .put("source", "/render")
                .put("type", type)
                .put("time", CLOCK.instant().toString())
                .put("datacontenttype", "application/json");
        ObjectNode content = data == null ? invented() : read(data);
        if (!content.has("email")) {
            content.put("email", "ann@example.com");
        }
        if (locale != null) {
            content.put("locale", locale);
        }
        envelope.set("data", content);
        try {
            return new EventReader().read(new RecordHeaders(), JSON.writeValueAsBytes(envelope));
        } catch (InvalidEventException e) {
            throw new SettingException("This is no event of the type " + type + ": "
                    + e.violations().stream()
                            .map(violation -> violation.pointer() + " " + violation.message())
                            .collect(Collectors.joining("; "))
                    + ". Correct " + (data == null ? "--locale" : data) + ".");
        } catch (IOException e) {
            throw new IllegalStateException("JSON in memory can always be written", e);
        }
    }

    private ObjectNode invented() {
        ObjectNode content = JSON.createObjectNode();
        content.put("name", "Ann");
        content.put("expiresAt", CLOCK.instant().plus(Duration.ofMinutes(10)).toString());
        if (List.of("signup.verification-code", "account.reauthentication").contains(type)) {
            content.put("code", "123456");
        } else {
            content.put("link", "https://shop.example.com/go?token=4f1c2a");
        }
        if (type.equals("signup.invitation")) {
            content.put("invitedBy", "Bob");
        }
        if (type.equals("account.email-change")) {
            content.put("newEmail", "ann.new@example.com");
        }
        return content;
    }

    private static ObjectNode read(Path file) {
        try {
            JsonNode read = JSON.readTree(Files.readAllBytes(file));
            JsonNode content = read.has("specversion") ? read.path("data") : read;
            if (content instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // Told below; the parser's words would quote what may be a code.
        }
        throw new SettingException(
                file + " is not readable as JSON of an event's data; write an object such as {\"code\":\"123456\"}.");
    }
}
