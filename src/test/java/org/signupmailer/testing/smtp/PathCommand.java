package org.signupmailer.testing.smtp;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code MAIL FROM:<address> parameters} or {@code RCPT TO:<address> parameters}. */
record PathCommand(String address, List<String> parameters) {

    private static final Pattern SYNTAX = Pattern.compile(
            "(?:MAIL FROM|RCPT TO):<((?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\">])*)>(?: (.*))?", Pattern.CASE_INSENSITIVE);

    /** Null when the line is not of that form. */
    static @Nullable PathCommand parse(String line) {
        Matcher matcher = SYNTAX.matcher(line);
        if (!matcher.matches()) {
            return null;
        }
        String parameters = matcher.group(2);
        return new PathCommand(
                matcher.group(1),
                parameters == null ? List.of() : List.of(parameters.strip().split(" +", -1)));
    }

    boolean hasAsciiAddress() {
        return address.chars().allMatch(c -> c < 128);
    }
}
