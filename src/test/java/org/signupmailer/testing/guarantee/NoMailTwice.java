package org.signupmailer.testing.guarantee;

import java.util.List;
import java.util.Map;

/**
 * An id is mailed once. After a kill or a lost answer some may be mailed twice by design, at most as many as were on the
 * wire: a scenario with such a fault says how many.
 */
public final class NoMailTwice extends Guarantee {

    private final int allowed;

    public NoMailTwice() {
        this(0);
    }

    private NoMailTwice(int allowed) {
        this.allowed = allowed;
    }

    /**
     * Allows some, for a reason that has to be given.
     *
     * @param mails how many mails in all may be one too many
     * @param why what the scenario does that makes them unavoidable
     */
    public static NoMailTwice but(int mails, String why) {
        if (why.isBlank()) {
            throw new IllegalArgumentException("Mails that come twice need a reason; say what makes them unavoidable");
        }
        return new NoMailTwice(mails);
    }

    @Override
    List<String> breachesIn(Outcome outcome) {
        List<Map.Entry<String, Integer>> twice = outcome.mailsPerId().entrySet().stream()
                .filter(mails -> mails.getValue() > 1)
                .toList();
        int tooMany = twice.stream().mapToInt(mails -> mails.getValue() - 1).sum();
        return tooMany <= allowed
                ? List.of()
                : twice.stream()
                        .map(mails -> mails.getKey() + " was mailed " + mails.getValue() + " times")
                        .toList();
    }

    @Override
    public String toString() {
        return allowed == 0 ? super.toString() : super.toString() + " but " + allowed;
    }
}
