package org.signupmailer.relay;

import java.net.IDN;
import java.util.regex.Pattern;

/**
 * What is let through as a sender: a bare address as in MAIL FROM, and a name of one line. International addresses
 * (RFC 6531) pass; quoted local parts don't, since hardly a relay takes them.
 */
final class SenderAddress {

    private static final Pattern LOCAL_PART = Pattern.compile("[^\\s@<>()\\[\\]\\\\,;:\"\\p{Cntrl}]{1,64}");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private SenderAddress() {}

    static boolean isAddress(String text) {
        int at = text.lastIndexOf('@');
        return at > 0 && LOCAL_PART.matcher(text.substring(0, at)).matches() && isDomain(text.substring(at + 1));
    }

    static boolean isName(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    /** The address with its domain in ASCII (RFC 5891), which every relay takes. */
    static String onTheWire(String address) {
        int at = address.lastIndexOf('@');
        return address.substring(0, at + 1) + IDN.toASCII(address.substring(at + 1));
    }

    private static boolean isDomain(String text) {
        String ascii;
        try {
            ascii = IDN.toASCII(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (ascii.isEmpty() || ascii.length() > 253) {
            return false;
        }
        for (String label : ascii.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        return true;
    }
}
