package org.signupmailer.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.FailureClass;
import org.signupmailer.relay.SmtpPhase;
import org.signupmailer.relay.SmtpReply;

class ChainEndTest {

    // It is logged, too, when a step of the routes fails later.
    @Test
    void whatTheLastRelaySaidIsToldWithoutAddressesAndLinks() {
        Attempt last = new Attempt(
                "primary",
                "smtp.example.com",
                587,
                SmtpPhase.FINAL_DOT,
                SmtpReply.parse("554 5.7.1 ann@example.com: blocked link https://shop.test/c?token=SECRET"),
                FailureClass.MESSAGE,
                null,
                Instant.EPOCH,
                20);

        assertThat(ChainEnd.story(List.of(last)))
                .isEqualTo(
                        "No relay took it in 1 attempt; the last was \"primary\" failed after the whole mail was sent:"
                                + " 554 5.7.1 a***@example.com: blocked link https://shop.test/***");
    }
}
