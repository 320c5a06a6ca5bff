package org.signupmailer.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DotStuffingTest {

    private static final List<String> PIECES = List.of(
            ".", "..", "\r\n.", "\r\n", "\r\n.\r\n", "a.b", "text", "/", "-", "\u00e4", "\u042f.", "eight by", "");
    private static final byte[] FIRST = "From: shop@sender.test\r\n".getBytes(UTF_8);
    private static final byte[] BEHIND = "MAIL FROM:<shop@sender.test>\r\n".getBytes(UTF_8);

    // One for all, as a connection has it.
    private static final DotStuffing STUFFING = new DotStuffing();

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyLineThatBeginsWithADotHasAnotherOneAndTheMailEndsOnce(int seed) {
        Random random = new Random(seed);
        String content = IntStream.range(0, random.nextInt(seed % 10 == 0 ? 5_000 : 60))
                .mapToObj(i -> PIECES.get(random.nextInt(PIECES.size())))
                .collect(Collectors.joining());

        DotStuffing stuffed = STUFFING.with(FIRST, content.getBytes(UTF_8), BEHIND);

        String whole = content.endsWith("\n") || content.isEmpty() ? content : content + "\r\n";
        String lines = Arrays.stream(whole.split("(?<=\n)"))
                .map(line -> line.startsWith(".") ? "." + line : line)
                .collect(Collectors.joining());
        assertThat(new String(stuffed.bytes(), 0, stuffed.length(), UTF_8))
                .isEqualTo(new String(FIRST, UTF_8) + lines + ".\r\n" + new String(BEHIND, UTF_8));
    }
}
