package org.signupmailer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.ProviderPresets;
import org.signupmailer.relay.SmtpPhase;
import org.signupmailer.relay.SmtpReply;
import org.signupmailer.relay.Verdict;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import picocli.CommandLine;

/** docs/troubleshooting.md and its Russian sister say what the doctor says. */
class TroubleshootingPageTest {

    private static final ProviderPresets PRESETS = ProviderPresets.load();
    private static final FailureClassifier CLASSIFIER = new FailureClassifier(PRESETS, null);
    private static final Pattern PLACE = Pattern.compile("\\{([a-z.-]+)}");

    /** What to see in the page in the place of a relay. */
    private static final Map<String, String> EXAMPLE = Map.ofEntries(
            Map.entry("host", "smtp.example.com"),
            Map.entry("port", "587"),
            Map.entry("ports", "587, 465"),
            Map.entry("works", "2525"),
            Map.entry("set", "SMTP_PORT=2525"),
            Map.entry("sender", "n***@example.com"),
            Map.entry("recipient", "a***@example.com"),
            Map.entry("subject", "smtp.example.com"),
            Map.entry("names", "mail.example.net"),
            Map.entry("issuer", "Example Proxy CA"),
            Map.entry("from", "2026-12-01"),
            Map.entry("until", "2026-11-01"),
            Map.entry("now", "2026-11-22 12:00 UTC"),
            Map.entry("answer", "…"),
            Map.entry("domain", "example.com"),
            Map.entry("selector", "s1"),
            Map.entry("key.host", "SMTP_HOST"),
            Map.entry("key.port", "SMTP_PORT"),
            Map.entry("key.tls", "SMTP_TLS"),
            Map.entry("key.user", "SMTP_USER"),
            Map.entry("key.password", "SMTP_PASS"),
            Map.entry("key.from", "SMTP_FROM"));

    /** A reply that some provider gives; provider {@code *}: any. */
    private record Sample(String provider, SmtpPhase phase, String reply) {}

    private static final List<Sample> REPLIES = List.of(
            new Sample("yandex", SmtpPhase.AUTH, "535 5.7.8 Error: authentication failed: Invalid user or password"),
            new Sample(
                    "yandex", SmtpPhase.AUTH, "535 5.7.8 Error: authentication failed: Your message looks like spam"),
            new Sample("yandex", SmtpPhase.FINAL_DOT, "554 5.7.1 Message rejected under suspicion of SPAM"),
            new Sample("yandex", SmtpPhase.MAIL, "553 5.7.1 Sender address rejected: not owned by auth user"),
            new Sample("gmail", SmtpPhase.AUTH, "535 5.7.8 Username and Password not accepted"),
            new Sample("gmail", SmtpPhase.AUTH, "534 5.7.9 Application-specific password required"),
            new Sample("gmail", SmtpPhase.FINAL_DOT, "550 5.4.5 Daily user sending limit exceeded"),
            new Sample("mailru", SmtpPhase.AUTH, "535 5.7.0 Application password is REQUIRED"),
            new Sample("mailtrap", SmtpPhase.AUTH, "535 5.7.8 Too many connections per account"),
            new Sample(
                    "mailtrap-sandbox",
                    SmtpPhase.FINAL_DOT,
                    "550 5.7.0 Requested action not taken: too many emails per second"),
            new Sample("smtp2go", SmtpPhase.AUTH, "535 Incorrect authentication data"),
            new Sample("sendgrid", SmtpPhase.AUTH, "535 Authentication failed: Bad username / password"),
            new Sample("sendgrid", SmtpPhase.AUTH, "451 Authentication failed: Maximum credits exceeded"),
            new Sample(
                    "sendgrid", SmtpPhase.FINAL_DOT, "550 The from address does not match a verified Sender Identity"),
            new Sample("mailgun", SmtpPhase.AUTH, "535 5.7.8 Authentication credentials invalid"),
            new Sample("mailgun", SmtpPhase.FINAL_DOT, "421 Sandbox subdomains are for test purposes only"),
            new Sample("mailgun", SmtpPhase.FINAL_DOT, "421 Please activate your Mailgun account"),
            new Sample("ses", SmtpPhase.AUTH, "535 Authentication Credentials Invalid"),
            new Sample("ses", SmtpPhase.FINAL_DOT, "454 Throttling failure: Maximum sending rate exceeded"),
            new Sample("ses", SmtpPhase.FINAL_DOT, "454 Throttling failure: Daily message quota exceeded"),
            new Sample("ses", SmtpPhase.FINAL_DOT, "554 Message rejected: Email address is not verified"),
            new Sample("ses", SmtpPhase.GREETING, "421 Too many concurrent SMTP connections"),
            new Sample("resend", SmtpPhase.AUTH, "535 Invalid username"),
            new Sample("*", SmtpPhase.GREETING, "554 5.7.1 Your address is listed"),
            new Sample("*", SmtpPhase.AUTH, "535 5.7.8 Authentication failed"),
            new Sample("*", SmtpPhase.MAIL, "530 5.7.0 Authentication required"),
            new Sample("*", SmtpPhase.MAIL, "550 5.7.1 Sender not allowed"),
            new Sample("*", SmtpPhase.RCPT, "554 5.7.1 Relay access denied"),
            new Sample("*", SmtpPhase.RCPT, "550 5.1.1 User unknown"));

    @ParameterizedTest
    @EnumSource(Language.class)
    void bothTablesAreThoseOfTheDoctor(Language language) throws IOException {
        String page = Files.readString(
                Path.of(language == Language.RU ? "docs/troubleshooting.ru.md" : "docs/troubleshooting.md"));

        assertThat(rows(page)).containsExactlyElementsOf(expected(language));
    }

    /** The rows of both tables, below their heads. */
    static List<String> expected(Language language) {
        Texts texts = new Texts(language);
        List<String> rows = new ArrayList<>();
        for (Texts.Entry entry : texts.all()) {
            if (entry.step() != Step.SETTINGS) {
                Finding finding = texts.finding(entry.id(), EXAMPLE);
                rows.add(row(texts.step(entry.step()), finding.cause(), finding.remedy()));
            }
        }
        for (Sample sample : REPLIES) {
            ProviderPreset preset = PRESETS.byName(sample.provider());
            Verdict verdict = CLASSIFIER.classify(preset, sample.phase(), SmtpReply.parse(sample.reply()));
            Finding finding = texts.reply(Step.AUTH, verdict);
            rows.add(row(
                    preset == null ? "" : preset.displayName(),
                    "`" + sample.reply() + "`",
                    finding.cause(),
                    finding.remedy()));
        }
        return rows;
    }

    private static List<String> rows(String page) {
        return page.lines()
                .filter(line -> line.startsWith("| "))
                .dropWhile(line -> !line.matches("\\| (name|имя) \\|.*"))
                .filter(line -> !line.matches("\\| (provider|служба) \\|.*"))
                .toList();
    }

    private static String row(String... cells) {
        return ("| " + String.join(" | ", cells) + " |").replace("|  |", "| |");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void everyOptionOfTheCommandIsOnThePage(Language language) throws IOException {
        String page = Files.readString(
                Path.of(language == Language.RU ? "docs/troubleshooting.ru.md" : "docs/troubleshooting.md"));

        new CommandLine(new DoctorCommand())
                .getCommandSpec().options().stream()
                        .map(option -> option.longestName())
                        .filter(name -> !name.equals("--help") && !name.equals("--version"))
                        .forEach(name -> assertThat(page).contains(name));
    }

    @Test
    void theExampleInReadmeIsWhatTheDoctorPrints() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int from = readme.indexOf("✖ primary: ");
        String shown = readme.substring(from, readme.indexOf("```", from));
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.STARTTLS)
                .user(Clinic.USER, Clinic.PASSWORD)
                .start()) {
            smtp.on(Phase.AUTH).reply(535, "5.7.8 Error: authentication failed: Invalid user or password");

            Diagnosis diagnosis = Clinic.of(smtp).provider("yandex").examine();

            String printed = new Report(new Texts(Language.EN), Style.PLAIN).of(List.of(diagnosis));
            assertThat(shape(shown)).isEqualTo(shape(printed));
        }
    }

    /** The lines with what differs from relay to relay left out: times, and what the steps before the failure saw. */
    private static List<String> shape(String report) {
        return report.lines()
                .map(line -> line.startsWith("primary") ? "primary" : line)
                .map(line -> line.replaceAll("^(  ✔ \\w+) .*", "$1").replaceAll(" +\\d+ ms ", " "))
                .toList();
    }

    @Test
    void everyRuleAndEveryPresetIsThereInRussianToo() throws IOException {
        JsonNode russian = yaml("/doctor/russian.yaml");
        List<String> rules = new ArrayList<>();
        for (JsonNode rule : yaml("/relay/reply-rules.yaml").get("rules")) {
            rules.add(rule.get("id").textValue());
            JsonNode translated = russian.get("replies").path(rule.get("id").textValue());
            assertThat(translated.has("remedy")).as(rule.get("id").textValue()).isEqualTo(rule.has("remedy"));
        }

        assertThat(russian.get("replies").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(rules);
        assertThat(russian.get("presets").fieldNames()).toIterable().containsExactlyElementsOf(PRESETS.names());
    }

    @Test
    void everyProvidersOwnRuleHasAReplyOnThePage() throws IOException {
        List<String> shown = REPLIES.stream()
                .map(sample -> CLASSIFIER
                        .classify(PRESETS.byName(sample.provider()), sample.phase(), SmtpReply.parse(sample.reply()))
                        .ruleId())
                .toList();
        for (JsonNode rule : yaml("/relay/reply-rules.yaml").get("rules")) {
            // The second way to tell the same limit.
            if (rule.has("presets") && !rule.get("id").textValue().equals("gmail-limit-by-text")) {
                assertThat(shown).contains(rule.get("id").textValue());
            }
        }
    }

    @Test
    void bothLanguagesHaveTheSamePlacesToFill() {
        for (Texts.Entry entry : new Texts(Language.EN).all()) {
            assertThat(places(entry.en())).as(entry.id()).isEqualTo(places(entry.ru()));
        }
    }

    private static Set<String> places(Texts.Said said) {
        Matcher matcher = PLACE.matcher(said.cause() + said.remedy());
        return matcher.results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode yaml(String resource) throws IOException {
        try (InputStream in = TroubleshootingPageTest.class.getResourceAsStream(resource)) {
            return new YAMLMapper().readTree(in);
        }
    }
}
