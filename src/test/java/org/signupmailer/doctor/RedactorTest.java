package org.signupmailer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.relay.TlsMode;

class RedactorTest {

    private final Redactor redactor =
            new Redactor(Clinic.at("127.0.0.1", 25, TlsMode.NONE).relay());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "535 you said Zq7-hiddenword+/=x",
                "535 you said ZQ7-HIDDENWORD+/=X, which is wrong",
                "535 Zq7-hidden word+/=x",
                "535 AUTH PLAIN AHNob3AtdXNlcgBacTctaGlkZGVud29yZCsvPXg=",
                "535 AUTH PLAIN AHNob3AtdXNlcgBac Tct aGlkZGVud29yZCsvPXg=",
                "535 cut off at the end: AHNob3AtdXNlcgBacTctaGlk",
                "334 c2hvcC11c2Vy"
            })
    void aSecretIsTakenOutHoweverItIsRepeated(String reply) {
        assertThat(redactor.safe(reply).replaceAll("\\s", ""))
                .contains("***")
                .doesNotContainIgnoringCase("hiddenword")
                .doesNotContain("aGlk", "AHNob3", "c2hvcC11");
    }
}
