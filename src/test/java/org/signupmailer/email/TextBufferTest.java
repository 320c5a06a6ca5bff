package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextBufferTest {

    // Characters of one to four bytes, and halves of pairs, which are no characters.
    private static final String[] PIECES = {
        "a", "plain words, ", "\u00fc", "\u2014", "\u0416", "\ud83d\ude00", "\ud83d", "\ude00"
    };

    @Test
    void whateverIsWrittenIsTheUtf8ThatJavaMakesOfIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String text = text(random, random.nextInt(i % 50 == 0 ? 120_000 : 1_500));
            TextBuffer out = TextBuffer.empty();

            write(out, text, random);

            assertThat(out.trimmed())
                    .as("seed %d, text %d of %d characters", seed, i, text.length())
                    .isEqualTo((text.strip() + '\n').getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aCharacterIsWholeWhereverItStandsInALongText() {
        for (int before = 0; before < 600; before++) {
            String text = "x".repeat(before) + "\ud83d\ude00" + "y".repeat(600);
            TextBuffer out = TextBuffer.empty();

            out.write(text, 0, text.length());

            assertThat(new String(out.trimmed(), StandardCharsets.UTF_8)).isEqualTo(text + '\n');
        }
    }

    @Test
    void textLosesBlanksAtLineEndsAndMoreThanOneEmptyLine() {
        TextBuffer out = TextBuffer.empty();
        String text = "\n \nHello \t\r\n\n\n  \nthere\n\n";

        out.write(text, 0, text.length());

        assertThat(new String(out.asText(), StandardCharsets.UTF_8)).isEqualTo("Hello\n\nthere\n");
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static void write(TextBuffer out, String text, Random random) {
        int at = 0;
        while (at < text.length()) {
            int count = Math.min(text.length() - at, 1 + random.nextInt(300));
            if (count == 1) {
                out.write(text.charAt(at));
            } else if (random.nextBoolean()) {
                out.write(text, at, count);
            } else {
                out.write(text.toCharArray(), at, count);
            }
            at += count;
        }
    }
}
