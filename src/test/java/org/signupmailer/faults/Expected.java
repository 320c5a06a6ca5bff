package org.signupmailer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import org.signupmailer.testing.guarantee.Mailed;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What has to come of a relay's fault where a second relay is well. */
final class Expected {

    // A breaker opens after this many failures at the earliest; as many mails more may be on their way by then.
    private static final int FEW = 5 + 40;

    private Expected() {}

    static void allBySecond(Outcome outcome, ScriptedSmtpServer first) {
        assertThat(outcome.mails()).extracting(Mailed::relay).containsOnly("relay 2");
        assertThat(outcome.deadLetters()).isEmpty();
    }

    /** The relay is soon left alone. */
    static BiConsumer<Outcome, ScriptedSmtpServer> fewAttemptsAt(Phase phase) {
        return (outcome, first) -> {
            allBySecond(outcome, first);
            assertThat(first.count(phase)).isLessThanOrEqualTo(FEW);
        };
    }

    static void allByFirst(Outcome outcome, ScriptedSmtpServer first) {
        assertThat(outcome.mails()).extracting(Mailed::relay).containsOnly("relay 1");
        assertThat(outcome.deadLetters()).isEmpty();
    }

    static void none(Outcome outcome, ScriptedSmtpServer first) {
        assertThat(outcome.deadLetters()).isEmpty();
    }

    /** All are dead for that reason, and no other relay was bothered. */
    static BiConsumer<Outcome, ScriptedSmtpServer> allDead(String reason) {
        return (outcome, first) -> {
            assertThat(outcome.mails()).isEmpty();
            assertThat(outcome.deadLetters()).allSatisfy(letter -> {
                assertThat(letter.reason()).isEqualTo(reason);
                assertThat(letter.relaysAsked()).containsExactly("primary");
            });
        };
    }
}
