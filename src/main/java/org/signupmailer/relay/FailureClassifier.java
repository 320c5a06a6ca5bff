package org.signupmailer.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;

/**
 * Says what a failed attempt means, by the rules of {@code relay/reply-rules.yaml} and those that an operator puts
 * before them. Only judges; what follows from a verdict is up to others. Safe for use by many threads.
 */
public final class FailureClassifier {

    private static final String RESOURCE = "/relay/reply-rules.yaml";

    private final List<ReplyRule> rules;

    /**
     * @param operatorRules a file whose rules come before the shipped ones; null: none
     * @throws SettingException if that file can't be read or a rule makes no sense
     */
    public FailureClassifier(ProviderPresets presets, @Nullable Path operatorRules) {
        List<ReplyRule> all = new ArrayList<>();
        if (operatorRules != null) {
            all.addAll(readOperators(presets, operatorRules));
        }
        all.addAll(readShipped(presets));
        if (!all.get(all.size() - 1).holdsAlways()) {
            throw new IllegalStateException(RESOURCE + " has to end with a rule that always holds");
        }
        this.rules = List.copyOf(all);
    }

    /**
     * The verdict of the first rule that holds.
     *
     * @param preset of the relay, or null
     * @param phase  how far the attempt came
     * @param reply  the last answer, if it belongs to this phase; null if there was none. An {@linkplain
     *               SmtpReply#UNREADABLE unreadable} one counts as none
     */
    public Verdict classify(@Nullable ProviderPreset preset, SmtpPhase phase, @Nullable SmtpReply reply) {
        String name = preset == null ? null : preset.name();
        SmtpReply readable = reply == null || reply.code() == SmtpReply.UNREADABLE ? null : reply;
        for (ReplyRule rule : rules) {
            if (rule.holds(name, phase, readable)) {
                return rule.verdict();
            }
        }
        throw new IllegalStateException("the last rule always holds");
    }

    private static List<ReplyRule> readShipped(ProviderPresets presets) {
        try (InputStream in = FailureClassifier.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar");
            }
            return new ReplyRules(RESOURCE, presets).read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<ReplyRule> readOperators(ProviderPresets presets, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new ReplyRules(file.toString(), presets).read(in);
        } catch (NoSuchFileException e) {
            throw new SettingException(
                    "The file of reply rules " + file + " does not exist; create it, or remove the setting.");
        } catch (IOException e) {
            throw new SettingException("The file of reply rules " + file
                    + " can't be read; make the file readable for this process, or remove the setting.");
        }
    }
}
