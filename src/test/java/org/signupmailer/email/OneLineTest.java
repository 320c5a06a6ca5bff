package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneLineTest {

    private static final Pattern BREAKS = Pattern.compile("[\\s\\p{Cc}\\u0085\\u00A0\\u2028\\u2029]+");
    private static final Pattern TURNS = Pattern.compile("[\\u202A-\\u202E\\u2066-\\u2069]");

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Ann,Ann",
                "Zoë — Ann’s code…,Zoë — Ann’s code…",
                "a\tb,a b",
                " a  b ,a b",
                "a\u2028b,a b",
                "a\u00A0b,a b",
                "a\u0000b,a b",
                "\u202Eevil\u202C,evil",
                "a \u2067 b,a b",
                "\u2003a\u3000,a"
            })
    void gapsBecomeOneBlankAndMarksThatTurnTheDirectionGo(String text, String line) {
        assertThat(OneLine.of(text)).isEqualTo(line);
    }

    @Test
    void lineBreaksBecomeBlanks() {
        assertThat(OneLine.of("a\r\nb\nc\r")).isEqualTo("a b c");
    }

    @Test
    void nothingButGapsIsEmpty() {
        assertThat(OneLine.of("")).isEmpty();
        assertThat(OneLine.of(" \r\n\t\u2029\u202A ")).isEmpty();
    }

    @Test
    void anyTextBecomesWhatTheRulesSayOfIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "aé—😀 \t\r\n\u0000\u0085\u00A0\u2003\u2028\u2029\u202A\u202E\u2066\u2069\u206A\u007F\u3000";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            String forward = TURNS.matcher(text).replaceAll("");
            String line = BREAKS.matcher(forward).replaceAll(" ").strip();

            assertThat(OneLine.of(text.toString())).as("seed " + seed).isEqualTo(line);
        }
    }
}
