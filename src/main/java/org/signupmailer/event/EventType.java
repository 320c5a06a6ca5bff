package org.signupmailer.event;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The seven types of event, in the order in which documents list them. For each there is a JSON Schema
 * {@code schemas/<type>.schema.json}.
 */
public enum EventType {
    VERIFICATION_CODE("signup.verification-code", "code"),
    CONFIRMATION_LINK("signup.confirmation-link", "link"),
    WELCOME("signup.welcome", "link"),
    INVITATION("signup.invitation", "link", "invitedBy"),
    PASSWORD_RESET("account.password-reset", "link", "code"),
    EMAIL_CHANGE("account.email-change", "newEmail", "link", "code"),
    REAUTHENTICATION("account.reauthentication", "code");

    private static final Map<String, EventType> BY_TYPE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::typeName, Function.identity()));

    private final String typeName;
    /** From {@link Set#of}, which never changes; the checker knows only that a set may. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> fields;

    EventType(String typeName, String... fields) {
        this.typeName = typeName;
        this.fields = Set.of(fields);
    }

    /** As the event's {@code type} attribute says it, such as {@code signup.welcome}. */
    public String typeName() {
        return typeName;
    }

    /** The type with this name; empty when there is none. */
    public static Optional<EventType> of(String typeName) {
        return Optional.ofNullable(BY_TYPE_NAME.get(typeName));
    }

    /** All type names, in order. */
    public static List<String> typeNames() {
        return Arrays.stream(values()).map(EventType::typeName).toList();
    }

    /** Whether this type has that field in {@code data}, beside the ones that all types have. */
    boolean has(String field) {
        return fields.contains(field);
    }
}
