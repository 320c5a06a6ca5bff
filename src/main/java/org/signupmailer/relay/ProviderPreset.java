package org.signupmailer.relay;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a mail service; one entry of {@code relay/provider-presets.yaml}, which explains each field.
 *
 * @param name              the word for {@code SMTP_PROVIDER}
 * @param displayName       for people
 * @param hosts             the first is the default; {@code *} stands for a region
 * @param ports             in the order to try
 * @param appPasswordPage   where the password is made; null: unknown
 * @param senderOwned       takes only the From addresses of the account that logs in
 * @param idempotencyHeader header by which it tells a repeated mail; null: none
 * @param facts             sentences for people
 * @param unverified        parts that no page of the provider's confirmed: {@code hosts}, {@code user},
 *                          {@code password}, {@code limits}, {@code senderOwned}, {@code port 587}
 */
public record ProviderPreset(
        String name,
        String displayName,
        List<String> hosts,
        List<PortChoice> ports,
        CredentialRule user,
        CredentialRule password,
        @Nullable URI appPasswordPage,
        Limits limits,
        boolean senderOwned,
        @Nullable String idempotencyHeader,
        List<String> facts,
        List<String> unverified) {

    public ProviderPreset {
        hosts = List.copyOf(hosts);
        ports = List.copyOf(ports);
        facts = List.copyOf(facts);
        unverified = List.copyOf(unverified);
    }

    /** The host to use when none is set; null if it depends on a region. */
    public @Nullable String defaultHost() {
        return hosts.get(0).contains("*") ? null : hosts.get(0);
    }

    /** Whether the host is one of this provider's, in upper or lower case; a {@code *} matches within one label. */
    public boolean hasHost(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        return hosts.stream().anyMatch(known -> matches(known, wanted));
    }

    private static boolean matches(String known, String host) {
        int star = known.indexOf('*');
        if (star < 0) {
            return known.equals(host);
        }
        String before = known.substring(0, star);
        String after = known.substring(star + 1);
        return host.length() > before.length() + after.length()
                && host.startsWith(before)
                && host.endsWith(after)
                && host.substring(before.length(), host.length() - after.length())
                                .indexOf('.')
                        < 0;
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * How a user name or password looks here. Advice: providers change their forms.
     *
     * @param rule    what to write, as the end of "it is …"
     * @param word    always this very word; null: varies
     * @param pattern what all of it matches; null: anything
     */
    public record CredentialRule(
            String rule, @Nullable String word, @Nullable Pattern pattern) {

        /** False if the value can hardly be right. */
        public boolean looksRight(String value) {
            return (word == null || word.equals(value))
                    && (pattern == null || pattern.matcher(value).matches());
        }
    }

    /**
     * What the provider allows; null and empty: unknown.
     *
     * @param connections       at the same time
     * @param closesIdleAfter   it closes an unused connection after about this time
     * @param blockGrows        whoever keeps trying while blocked stays blocked longer: never probe early
     */
    public record Limits(
            @Nullable Integer connections,
            @Nullable Integer mailsPerConnection,
            @Nullable Duration closesIdleAfter,
            @Nullable Integer recipientsPerMail,
            boolean blockGrows,
            List<MailLimit> mails) {

        static final Limits UNKNOWN = new Limits(null, null, null, null, false, List.of());

        public Limits {
            mails = List.copyOf(mails);
        }
    }

    /**
     * So many mails in so much time.
     *
     * @param when the plan or state it holds for, for people; null: always
     */
    public record MailLimit(int count, Per per, @Nullable String when, Resets resets, Excess excess) {

        /** {@code 500 a day}. */
        @Override
        public String toString() {
            return count + (per == Per.HOUR ? " an " : " a ") + per.name().toLowerCase(Locale.ROOT);
        }
    }

    /** The time that a limit counts over. */
    public enum Per {
        SECOND,
        HOUR,
        DAY,
        MONTH
    }

    /** When a used-up limit is whole again. */
    public enum Resets {
        /** A mail stops counting when it is as old as the time that the limit counts over. */
        ROLLING,
        UNKNOWN
    }

    /** What happens to mail beyond the limit. */
    public enum Excess {
        REFUSED,
        /** Answered with 250 and delivered later: nobody notices but who waits for the mail. */
        QUEUED
    }
}
