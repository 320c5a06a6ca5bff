package org.signupmailer.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.signupmailer.event.Samples.binaryHeaders;
import static org.signupmailer.event.Samples.bytes;
import static org.signupmailer.event.Samples.data;
import static org.signupmailer.event.Samples.first;
import static org.signupmailer.event.Samples.headers;
import static org.signupmailer.event.Samples.utf8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes: an event or an InvalidEventException, soon. */
class HostileRecordTest {

    private static final String VALID = first(EventType.VERIFICATION_CODE).toString();

    private final EventReader reader = new EventReader();

    static Stream<Arguments> refusedDocuments() {
        return Stream.of(
                Arguments.of("nothing", "", "no value"),
                Arguments.of("white space", " \n\t", "is empty"),
                Arguments.of("text", "hello", "not JSON"),
                Arguments.of("a number", "7", "must be a JSON object"),
                Arguments.of("NaN", "NaN", "not JSON"),
                Arguments.of("NaN inside", VALID.replace("\"123456\"", "NaN"), "not JSON"),
                Arguments.of("null", "null", "must be a JSON object"),
                Arguments.of("a string", "\"" + VALID.replace("\"", "\\\"") + "\"", "must be a JSON object"),
                Arguments.of("an array", "[" + VALID + "]", "one event per record"),
                Arguments.of("half an event", VALID.substring(0, VALID.length() / 2), "ends early"),
                Arguments.of("rubbish behind the event", VALID + " }", "is not JSON"),
                Arguments.of("two events", VALID + "\n" + VALID, "behind the end"),
                Arguments.of("an id given twice", VALID.replace("{\"spec", "{\"id\":\"1\",\"spec"), "given twice"),
                Arguments.of("a code given twice", VALID.replace("{\"email", "{\"code\":\"1\",\"email"), "given twice"),
                Arguments.of("single quotes", VALID.replace('"', '\''), "not JSON"),
                Arguments.of("a raw control character", VALID.replace("Ann", "A\u0000nn"), "not JSON"),
                Arguments.of("deep arrays", "[".repeat(500_000), "1000 levels"),
                Arguments.of("deep data", "{\"data\":".repeat(120_000), "1000 levels"),
                Arguments.of("a long number", VALID.replace("\"123456\"", "9".repeat(500_000)), "1000 digits"),
                Arguments.of("a string without end", "{\"id\":\"" + "x".repeat(1_000_000), "ends early"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedDocuments")
    void isRefusedWithOneSentenceThatSaysWhy(String what, String document, String reason) {
        InvalidEventException invalid = refused(headers(), utf8(document));

        assertThat(invalid.violations()).as(what).hasSize(1);
        assertThat(invalid).message().contains(reason).hasSizeLessThan(300).doesNotContain("123456");
        assertThat(invalid.eventId()).isNull();
    }

    @Test
    void tombstonesAreRefused() {
        assertThat(refused(headers(), null)).message().contains("no value");
        assertThat(refused(binaryHeaders(first(EventType.WELCOME)), null).violations())
                .containsExactly(new Violation("/data", "data is missing"));
    }

    @Test
    void invalidUtf8IsRefused() {
        byte[] latin1 = VALID.replace("Ann", "Zoë").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(refused(headers(), latin1)).message().contains("not JSON in UTF-8");
    }

    @Test
    void byteOrderMarkIsPassedOver() throws Exception {
        assertThat(reader.read(headers(), utf8("\uFEFF" + VALID))).isEqualTo(reader.read(headers(), utf8(VALID)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents-batch+json",
                "Application/CloudEvents+avro",
                "application/cloudevents+xml"
            })
    void otherEventFormatsAreRefused(String contentType) {
        assertThat(refused(headers("content-type", contentType), utf8(VALID)).violations())
                .hasSize(1)
                .allSatisfy(violation -> assertThat(violation.pointer()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"email", "newEmail", "link", "code", "locale", "expiresAt", "name"})
    void stringsOfAMegabyteAreRefusedSoon(String field) {
        for (String filling : List.of("a", "a.", "a-", "-a", "a@", " ", "1", "https://a/", "\u202e", "пё")) {
            ObjectNode event = first(EventType.EMAIL_CHANGE);
            data(event)
                    .put(
                            field,
                            (field.equals("link") ? "https://" : "a@a")
                                    .concat(filling.repeat(1_000_000 / filling.length())));

            InvalidEventException invalid = assertQuick(() -> refused(headers(), bytes(event)));

            assertThat(invalid.violations()).extracting(Violation::pointer).containsExactly("/data/" + field);
            assertThat(invalid).message().hasSizeLessThan(500);
        }
    }

    @Test
    void attributesOfAMegabyteAreRefusedSoonAndNotShown() {
        for (String attribute : List.of("specversion", "id", "source", "type", "time", "datacontenttype")) {
            ObjectNode event = first(EventType.WELCOME);
            event.put(attribute, "a/" + "b+".repeat(500_000));

            InvalidEventException structured = assertQuick(() -> refused(headers(), bytes(event)));
            InvalidEventException binary = assertQuick(() -> refused(binaryHeaders(event), bytes(event.get("data"))));

            assertThat(structured.violations()).extracting(Violation::pointer).containsExactly("/" + attribute);
            assertThat(binary.violations()).extracting(Violation::pointer).containsExactly("/" + attribute);
            assertThat(structured.eventId())
                    .isEqualTo(attribute.equals("id") ? null : event.get("id").textValue());
            assertThat(structured.eventType()).isEqualTo(attribute.equals("type") ? null : "signup.welcome");
        }
    }

    @Test
    void whatIsShownOfARefusedEventHasNoControlCharacters() {
        ObjectNode event = first(EventType.WELCOME);
        event.put("id", "1\n2").put("type", "signup.welcome\u202e");
        data(event).put("email", "ann@example.com\r\nBcc: eve@example.com");

        InvalidEventException invalid = refused(headers(), bytes(event));

        assertThat(invalid.eventId()).isNull();
        assertThat(invalid.eventType()).isNull();
        assertThat(invalid.recipient()).isNull();
    }

    @Test
    void halvesOfSurrogatePairsAreRefusedWhereTheyWouldTravel() {
        String broken = VALID.replaceFirst("\"id\":\"[^\"]*\"", "\"id\":\"\\\\ud800\"")
                .replace("ann@", "\\ud800@")
                .replace("123456", "\\udc00");

        assertThat(refused(headers(), utf8(broken)).violations())
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/id", "/data/email", "/data/code");
    }

    @Test
    void noiseIsRefused() {
        long seed = seed();
        Random random = new Random(seed);
        for (int size :
                IntStream.concat(IntStream.range(0, 300), IntStream.of(1 << 20)).toArray()) {
            byte[] noise = new byte[size];
            random.nextBytes(noise);
            assertRefusedOrRead(seed, headers(), noise);
            assertRefusedOrRead(seed, binaryHeaders(first(EventType.WELCOME)), noise);
            Headers noisy = new RecordHeaders();
            for (String name : List.of("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type")) {
                noisy.add(name, random.nextBoolean() ? noise : null);
            }
            assertRefusedOrRead(seed, noisy, noise);
        }
    }

    @Test
    void mutatedEventsAreReadOrRefused() {
        long seed = seed();
        Random random = new Random(seed);
        List<ObjectNode> examples = Samples.all();
        for (int round = 0; round < 5_000; round++) {
            ObjectNode example = examples.get(random.nextInt(examples.size()));
            if (random.nextBoolean()) {
                assertRefusedOrRead(seed, headers(), mutated(bytes(example), random));
            } else {
                Headers headers = new RecordHeaders();
                binaryHeaders(example)
                        .forEach(header -> headers.add(
                                header.key(),
                                random.nextInt(4) == 0 ? mutated(header.value(), random) : header.value()));
                assertRefusedOrRead(seed, headers, mutated(bytes(data(example)), random));
            }
        }
    }

    @Test
    void oneReaderServesManyThreads() throws Exception {
        List<ObjectNode> examples = Samples.all();
        EventReader fresh = new EventReader();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> tasks = IntStream.range(0, 2_000)
                    .<Callable<Integer>>mapToObj(i -> () -> {
                        ObjectNode example = examples.get(i % examples.size()).deepCopy();
                        String id = Integer.toString(i);
                        assertThat(fresh.read(headers(), bytes(example.put("id", id)))
                                        .id())
                                .isEqualTo(id);
                        data(example).put("email", id);
                        InvalidEventException invalid = catchThrowableOfType(
                                InvalidEventException.class, () -> fresh.read(headers(), bytes(example)));
                        assertThat(invalid.eventId()).isEqualTo(id);
                        assertThat(invalid.violations())
                                .extracting(Violation::pointer)
                                .containsExactly("/data/email");
                        return i;
                    })
                    .toList();
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] mutant = original.clone();
        for (int edits = 1 + random.nextInt(4); edits > 0 && mutant.length > 0; edits--) {
            int at = random.nextInt(mutant.length);
            mutant = switch (random.nextInt(5)) {
                case 0 -> spliced(mutant, at, new byte[] {(byte) random.nextInt(256)}, at + 1);
                case 1 -> spliced(mutant, at, new byte[0], Math.min(mutant.length, at + 1 + random.nextInt(20)));
                case 2 -> spliced(mutant, at, mutant, at);
                case 3 -> spliced(mutant, at, utf8(TOKENS.get(random.nextInt(TOKENS.size()))), at);
                default -> spliced(mutant, at, utf8("\"" + "x".repeat(random.nextInt(3000))), at);
            };
        }
        return mutant;
    }

    private static final List<String> TOKENS = List.of(
            "null",
            "{}",
            "[]",
            "1e999999999",
            "-0",
            "true",
            "\"",
            "\\u0000",
            "\\ud83d",
            ",",
            ":",
            "\r\n",
            "@",
            "{\"data\":",
            "}");

    private static byte[] spliced(byte[] into, int from, byte[] piece, int to) {
        return ByteBuffer.allocate(from + piece.length + into.length - to)
                .put(into, 0, from)
                .put(piece)
                .put(into, to, into.length - to)
                .array();
    }

    private void assertRefusedOrRead(long seed, Headers headers, byte[] value) {
        try {
            SignupEvent event = reader.read(headers, value);
            assertThat(event.email()).as("seed %d", seed).contains("@");
        } catch (InvalidEventException e) {
            assertThat(e.violations()).as("seed %d", seed).isNotEmpty();
            assertThat(e).as("seed %d", seed).message().doesNotContain("made the reader fail");
        } catch (Throwable e) {
            fail("Seed " + seed + " led to " + e, e);
        }
    }

    private static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("To see the same again: -Dseed=" + seed);
        return seed;
    }

    private static <T> T assertQuick(Callable<T> work) {
        // Far more than is needed, far less than a pattern that backtracks would take.
        return assertTimeout(Duration.ofSeconds(10), work::call);
    }

    private InvalidEventException refused(Headers headers, byte @Nullable [] value) {
        InvalidEventException invalid =
                catchThrowableOfType(InvalidEventException.class, () -> reader.read(headers, value));
        assertThat(invalid).as("the record is refused").isNotNull();
        assertThat(invalid).message().doesNotContain("made the reader fail");
        return invalid;
    }
}
