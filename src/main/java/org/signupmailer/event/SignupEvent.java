package org.signupmailer.event;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One valid signup event. Fields that the event's type does not have are null, whatever the record said.
 *
 * @param id the idempotency key, 1 to 256 characters without control characters
 * @param source who published it, a URI reference
 * @param type one of {@link EventType#typeNames()}
 * @param time when it happened, if said
 * @param email one plain address, as published (upper case kept), possibly international
 * @param name how to greet the recipient; null when absent or blank; may hold any character, CR and LF too
 * @param locale a BCP 47 tag or its {@code ru_RU} form, as published
 * @param code what the user types; a secret
 * @param link what the user opens, https; a secret
 * @param invitedBy who invites; null when absent or blank; may hold any character, CR and LF too
 * @param newEmail the address that the account shall use, for {@code account.email-change}
 * @param expiresAt when code or link die
 */
public record SignupEvent(
        String id,
        String source,
        String type,
        @Nullable Instant time,
        String email,
        @Nullable String name,
        @Nullable String locale,
        @Nullable String code,
        @Nullable String link,
        @Nullable String invitedBy,
        @Nullable String newEmail,
        @Nullable Instant expiresAt) {

    /** What the record should be keyed by, so that one person's mails stay in order: the address in lower case. */
    public String recipientKey() {
        return email.toLowerCase(Locale.ROOT);
    }

    /** Type and id only: code, link and addresses belong in no log. */
    @Override
    public String toString() {
        return "SignupEvent[type=" + type + ", id=" + id + "]";
    }
}
