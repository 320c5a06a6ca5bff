package org.signupmailer.relay;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One configured SMTP server that mail is handed to. Immutable; two are equal when every setting is, the password
 * included, so that a changed one can be told from the old.
 *
 * @param name     {@code primary}, {@code secondary}, {@code tertiary} or the operator's own; lower-case letters,
 *                 digits and dashes, since the route is called {@code relay-<name>}
 * @param host     host name or IP literal, without brackets
 * @param ports    in the order to try, at least one
 * @param user     for the login; null: no login
 * @param secret   the password; null exactly when {@code user} is
 * @param from     address of the sender, on the envelope and in the header
 * @param fromName name beside it in the header; null: none
 * @param preset   what is known about the provider; null: nothing
 */
public record Relay(
        String name,
        String host,
        List<PortChoice> ports,
        @Nullable String user,
        @Nullable Secret secret,
        String from,
        @Nullable String fromName,
        @Nullable ProviderPreset preset,
        ConnectionLimits limits) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");

    /**
     * @throws IllegalArgumentException if the relay could not work as it is: a bad name, no host, no port or one twice,
     *     a user without a password or the reverse, a sender that is not an address, a line break in the sender's name
     */
    public Relay {
        ports = List.copyOf(ports);
        require(isName(name), "a relay's name is made of lower-case letters, digits and dashes");
        require(!host.isBlank(), "a relay needs a host");
        require(!ports.isEmpty(), "a relay needs a port");
        Set<Integer> numbers = new HashSet<>();
        ports.forEach(choice -> require(numbers.add(choice.port()), "a relay's ports must differ"));
        require((user == null) == (secret == null), "a relay has a user and a password, or neither");
        require(SenderAddress.isAddress(from), "a relay needs a sender address");
        require(fromName == null || SenderAddress.isName(fromName), "a sender's name is one line");
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** For people: {@code primary (smtp.example.test:587)}, with the first port. */
    @Override
    public String toString() {
        return name + " (" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + ports.get(0).port() + ")";
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }
}
