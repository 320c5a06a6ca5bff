package org.signupmailer.faults;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.signupmailer.testing.Setup;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.smtp.Options;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/**
 * Something that can be wrong with a relay.
 *
 * @param done what the relay does, for the table
 * @param server how it is set up
 * @param setup what the application is told about it
 * @param begin makes it misbehave
 * @param cure makes it behave again
 * @param restart whether the application has to be started again for it, as after a change of settings
 * @param notAlone why it is not tried without another relay; null: it is
 * @param twice what may be mailed twice, and why
 * @param expected what has to come of it where a second relay is well
 */
record RelayFault(
        String name,
        String done,
        UnaryOperator<Options> server,
        UnaryOperator<Setup> setup,
        Consumer<ScriptedSmtpServer> begin,
        Consumer<ScriptedSmtpServer> cure,
        boolean restart,
        @Nullable String notAlone,
        NoMailTwice twice,
        BiConsumer<Outcome, ScriptedSmtpServer> expected) {

    /** A fault that a script makes and {@link ScriptedSmtpServer#reset()} ends; all mail goes to the second relay. */
    static RelayFault scripted(String name, String done, Consumer<ScriptedSmtpServer> begin) {
        return new RelayFault(
                name,
                done,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                begin,
                ScriptedSmtpServer::reset,
                false,
                null,
                new NoMailTwice(),
                Expected::allBySecond);
    }

    RelayFault server(UnaryOperator<Options> other) {
        return new RelayFault(name, done, other, setup, begin, cure, restart, notAlone, twice, expected);
    }

    RelayFault setup(UnaryOperator<Setup> other) {
        return new RelayFault(name, done, server, other, begin, cure, restart, notAlone, twice, expected);
    }

    RelayFault curedBy(Consumer<ScriptedSmtpServer> other) {
        return new RelayFault(name, done, server, setup, begin, other, restart, notAlone, twice, expected);
    }

    RelayFault curedByRestart() {
        return new RelayFault(name, done, server, setup, begin, cure, true, notAlone, twice, expected);
    }

    RelayFault notAlone(String why) {
        return new RelayFault(name, done, server, setup, begin, cure, restart, why, twice, expected);
    }

    RelayFault expecting(BiConsumer<Outcome, ScriptedSmtpServer> other) {
        return new RelayFault(name, done, server, setup, begin, cure, restart, notAlone, twice, other);
    }

    @Override
    public String toString() {
        return name;
    }
}
