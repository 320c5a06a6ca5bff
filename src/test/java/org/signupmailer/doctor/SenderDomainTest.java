package org.signupmailer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The sender's domain, asked of a resolver on this machine. */
class SenderDomainTest {

    private static final String DOMAIN = "sender.test";

    @Test
    void aDomainWithEverythingGetsNoAdvice() {
        try (FakeResolver resolver = FakeResolver.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            resolver.txt(DOMAIN, "something=else", "v=spf1 include:_spf.google.com ~all")
                    .mx(DOMAIN, "mail.sender.test")
                    .txt("_dmarc." + DOMAIN, "v=DMARC1; p=none")
                    .txt("google._domainkey." + DOMAIN, "v=DKIM1; k=rsa; p=MIIB");

            Diagnosis diagnosis = examine(smtp, resolver);

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(diagnosis.advice()).isEmpty();
            assertThat(domain(diagnosis).detail()).isEqualTo("sender.test: SPF ✓ · DMARC ✓ · DKIM (google) ✓ · MX ✓");
        }
    }

    @Test
    void whatIsMissingIsAdviceAndMailGoesOutAllTheSame() {
        try (FakeResolver resolver = FakeResolver.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            resolver.exists(DOMAIN);

            Diagnosis diagnosis = examine(smtp, resolver);

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(diagnosis.advice())
                    .extracting(Finding::id)
                    .containsExactly("no-spf", "no-dmarc", "no-dkim", "no-mx");
            assertThat(domain(diagnosis).outcome()).isEqualTo(Outcome.WARNING);
            assertThat(new Report(new Texts(Language.EN), Style.PLAIN).summary(diagnosis))
                    .isEqualTo("✔ primary: mail can go out");
        }
    }

    @Test
    void twoSpfRecordsAndADomainThatDoesNotExistAreTold() {
        try (FakeResolver resolver = FakeResolver.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            assertThat(examine(smtp, resolver).advice())
                    .extracting(Finding::id)
                    .containsExactly("domain-does-not-exist");

            resolver.txt(DOMAIN, "v=spf1 -all", "v=spf1 ~all").mx(DOMAIN, "mail.sender.test");
            assertThat(examine(smtp, resolver).advice())
                    .extracting(Finding::id)
                    .containsExactly("two-spf", "no-dmarc", "no-dkim");
        }
    }

    @Test
    void aResolverThatCantTellMakesTheAdviceUnavailableAndNothingElse() {
        try (FakeResolver resolver = FakeResolver.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            resolver.fallIll();

            Diagnosis diagnosis = examine(smtp, resolver);

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(diagnosis.advice()).isEmpty();
            assertThat(domain(diagnosis).detail()).isEqualTo("not available: DNS can't be asked from here (SERVFAIL)");
        }
    }

    @Test
    void aResolverThatIsDarkIsNotWaitedForLong() {
        try (FakeResolver resolver = FakeResolver.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            resolver.goDark();

            Diagnosis diagnosis = examine(smtp, resolver);

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(domain(diagnosis).detail()).startsWith("not available");
        }
    }

    private static Diagnosis examine(ScriptedSmtpServer smtp, FakeResolver resolver) {
        return Clinic.of(smtp)
                .withoutLogin()
                .provider("gmail")
                .plan(Plan.FULL)
                .asking(resolver)
                .examine();
    }

    private static StepResult domain(Diagnosis diagnosis) {
        StepResult last = diagnosis.steps().get(diagnosis.steps().size() - 1);
        assertThat(last.step()).isEqualTo(Step.DOMAIN);
        return last;
    }
}
