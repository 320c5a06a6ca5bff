package org.signupmailer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.signupmailer.testing.Setup;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

@Execution(ExecutionMode.CONCURRENT)
class RelayFaultsTest {

    private static final int EVENTS = 60;
    private static final Duration OVER = Duration.ofSeconds(2);

    // Short enough for a test, long enough for a machine that is busy with other tests.
    private static Setup impatient(Setup setup) {
        return setup.with("MAILER_RELAYS_PRIMARY_READTIMEOUT", "3s").with("MAILER_RELAYS_PRIMARY_CONNECTTIMEOUT", "1s");
    }

    static List<RelayFault> faults() {
        return RelayFaults.all();
    }

    static Stream<RelayFault> faultsThatEnd() {
        return RelayFaults.all().stream().filter(fault -> fault.notAlone() == null);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatTheFirstRelayCannotTakeHasItsEndByAnother(RelayFault fault) {
        try (ScriptedSmtpServer first = start(fault);
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(setup(fault), first, second)) {
            fault.begin().accept(first);
            trial.load(EVENTS, OVER);
            trial.takeStock();
            Outcome outcome = trial.conclude("1", fault.name(), fault.done(), fault.twice(), "");
            fault.expected().accept(outcome, first);
        }
    }

    @ParameterizedTest
    @MethodSource("faultsThatEnd")
    void whatTheOnlyRelayCannotTakeWaitsForItsRecovery(RelayFault fault) {
        try (ScriptedSmtpServer only = start(fault);
                Trial trial = Trial.of(setup(fault), only)) {
            fault.begin().accept(only);
            trial.load(EVENTS, OVER);
            trial.takeStock();
            assertThat(trial.mailer().deadLetters()).isEmpty();
            fault.cure().accept(only);
            if (fault.restart()) {
                trial.mailer().stop();
                trial.mailer().startAgain();
            }
            Outcome outcome = trial.conclude(
                    "2", fault.name() + ", the only relay", fault.done() + "; then it recovers", fault.twice(), "");
            assertThat(outcome.deadLetters()).isEmpty();
            assertThat(outcome.mails()).hasSizeGreaterThanOrEqualTo(EVENTS);
        }
    }

    @Test
    void idleConnectionsThatTheRelayDropsCostNoMailAnything() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(RelayFaultsTest::impatient, first, second)) {
            for (int i = 0; i < 3; i++) {
                trial.load(EVENTS / 3, OVER.dividedBy(3));
                trial.awaitEnds();
                first.dropIdleConnections();
            }
            Outcome outcome = trial.conclude(
                    "1",
                    "drops idle pooled connections",
                    "closes all idle connections, twice under load",
                    new NoMailTwice(),
                    "");
            Expected.allByFirst(outcome, first);
            assertThat(trial.retried()).isZero();
        }
    }

    @Test
    void mailReturnsToTheFirstRelayWhenItHasRecovered() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(RelayFaultsTest::impatient, first, second)) {
            first.on(Phase.CONNECT).staySilent();
            List<TestEvent> early = trial.load(EVENTS, OVER);
            assertThat(Trial.takenBy("relay 1", early, trial.awaitEnds())).isZero();
            first.reset();
            awaitReturn(trial, first, Duration.ofMinutes(1));
            List<TestEvent> late = trial.load(EVENTS, OVER);
            Outcome outcome = trial.conclude(
                    "3",
                    "comes back after a while",
                    "silent under load, then well, the load going on",
                    new NoMailTwice(),
                    "");
            assertThat(Trial.takenBy("relay 1", late, outcome)).isEqualTo(EVENTS);
        }
    }

    /** Mail goes on being published, as only mail can prove it. */
    static void awaitReturn(Trial trial, ScriptedSmtpServer first, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        int before = first.mailCount();
        // Three mails prove to the breaker that the relay is well.
        while (first.mailCount() < before + 10) {
            assertThat(System.nanoTime()).as("mail returns to the first relay").isLessThan(deadline);
            trial.load(2, Duration.ofMillis(500));
        }
    }

    private static ScriptedSmtpServer start(RelayFault fault) {
        return fault.server().apply(ScriptedSmtpServer.with()).start();
    }

    private static UnaryOperator<Setup> setup(RelayFault fault) {
        return setup -> fault.setup().apply(impatient(setup));
    }
}
