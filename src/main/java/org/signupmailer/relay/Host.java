package org.signupmailer.relay;

import java.util.Locale;
import java.util.regex.Pattern;

/** Says what a host is by its spelling alone; nothing here asks DNS, so that a start never waits for a resolver. */
final class Host {

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    // All four parts, so that a name such as 127.evil.test is not taken for this machine.
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127\\." + OCTET + "\\." + OCTET + "\\." + OCTET);
    private static final Pattern LOOPBACK_V6 = Pattern.compile("::1|(?:0{1,4}:){7}0{0,3}1");
    private static final Pattern V6 = Pattern.compile("(?=.*:.*:)[0-9A-Fa-f:.]{2,45}(?:%\\w+)?");
    // Underscores are no host names, yet container networks are full of them.
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_])?\\.?");

    private Host() {}

    static boolean isLoopback(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals("localhost")
                || lower.equals("localhost.")
                || LOOPBACK_V4.matcher(lower).matches()
                || LOOPBACK_V6.matcher(lower).matches();
    }

    static boolean isHost(String text) {
        return (NAME.matcher(text).matches() && !text.contains("..")) || isV6(text);
    }

    static boolean isV6(String text) {
        return V6.matcher(text).matches();
    }

    /** {@code [::1]} becomes {@code ::1}. */
    static String withoutBrackets(String text) {
        return text.startsWith("[") && text.endsWith("]") && isV6(text.substring(1, text.length() - 1))
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
