package org.signupmailer.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.signupmailer.event.Samples.binaryHeaders;
import static org.signupmailer.event.Samples.bytes;
import static org.signupmailer.event.Samples.data;
import static org.signupmailer.event.Samples.first;
import static org.signupmailer.event.Samples.headers;
import static org.signupmailer.event.Samples.utf8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

    private final EventReader reader = new EventReader();

    static Stream<ObjectNode> examples() {
        return Samples.all().stream();
    }

    private static Set<String> requiredOf(EventType type) {
        return switch (type) {
            case VERIFICATION_CODE, REAUTHENTICATION -> Set.of("email", "code");
            case CONFIRMATION_LINK, INVITATION -> Set.of("email", "link");
            case EMAIL_CHANGE -> Set.of("email", "newEmail");
            case WELCOME, PASSWORD_RESET -> Set.of("email");
        };
    }

    @Test
    void structuredEventIsReadWithEveryField() throws Exception {
        SignupEvent event = reader.read(headers(), utf8("""
                        {"specversion":"1.0","id":"7","source":"/shop/auth","type":"account.email-change",
                         "time":"2026-11-22T08:00:00.123+03:00","datacontenttype":"application/json; charset=utf-8",
                         "traceparent":"ignored","data":{"email":"Ann@Example.com","name":"Ann","locale":"ru_RU","code":"012 345",
                         "link":"https://shop.example.com/a?b=c#d","newEmail":"ann@example.org",
                         "invitedBy":"not a field of this type","expiresAt":"2026-11-22T05:10:00Z","plan":{"x":[1]}}}"""));

        assertThat(event)
                .isEqualTo(new SignupEvent(
                        "7",
                        "/shop/auth",
                        "account.email-change",
                        Instant.parse("2026-11-22T05:00:00.123Z"),
                        "Ann@Example.com",
                        "Ann",
                        "ru_RU",
                        "012 345",
                        "https://shop.example.com/a?b=c#d",
                        null,
                        "ann@example.org",
                        Instant.parse("2026-11-22T05:10:00Z")));
        assertThat(event.recipientKey()).isEqualTo("ann@example.com");
        assertThat(event.toString()).isEqualTo("SignupEvent[type=account.email-change, id=7]");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void bothModesGiveTheSameEvent(ObjectNode example) throws Exception {
        SignupEvent structured = reader.read(headers(), bytes(example));

        assertThat(structured.id()).isEqualTo(example.get("id").textValue());
        assertThat(structured.email()).isEqualTo(data(example).get("email").textValue());
        assertThat(reader.read(headers("content-type", "application/cloudevents+json; charset=UTF-8"), bytes(example)))
                .isEqualTo(structured);
        assertThat(reader.read(headers("content-type", "application/json"), bytes(example)))
                .isEqualTo(structured);
        assertThat(reader.read(binaryHeaders(example), bytes(data(example)))).isEqualTo(structured);
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void eachMissingAttributeIsReportedAtItsPointerInBothModes(EventType type) {
        for (String attribute : List.of("specversion", "id", "source", "type", "data")) {
            ObjectNode event = first(type);
            JsonNode data = attribute.equals("data") ? null : event.get("data");
            event.remove(attribute);

            assertThat(pointers(headers(), bytes(event))).as("structured").containsExactly("/" + attribute);
            assertThat(pointers(binaryHeaders(event), data == null ? null : bytes(data)))
                    .as("binary")
                    .containsExactly("/" + attribute);
        }
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void eachMissingOrNullDataFieldIsReportedAtItsPointer(EventType type) {
        for (String field : requiredOf(type)) {
            ObjectNode without = first(type);
            data(without).remove(field);
            ObjectNode withNull = first(type);
            data(withNull).putNull(field);

            assertThat(pointers(headers(), bytes(without))).containsExactly("/data/" + field);
            assertThat(pointers(headers(), bytes(withNull))).containsExactly("/data/" + field);
            assertThat(pointers(binaryHeaders(without), bytes(data(without)))).containsExactly("/data/" + field);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachFieldOfTheWrongKindIsReportedAtItsPointer(ObjectNode example) {
        for (String attribute : List.of("specversion", "id", "source", "type", "time", "datacontenttype", "data")) {
            ObjectNode event = example.deepCopy().put(attribute, 7);
            assertThat(pointers(headers(), bytes(event))).containsExactly("/" + attribute);
        }
        data(example).fieldNames().forEachRemaining(field -> {
            ObjectNode event = example.deepCopy();
            data(event).putObject(field).put("x", 1);
            assertThat(pointers(headers(), bytes(event))).containsExactly("/data/" + field);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = EventType.class,
            names = {"PASSWORD_RESET", "EMAIL_CHANGE"})
    void neitherLinkNorCodeIsOneViolation(EventType type) throws Exception {
        ObjectNode event = first(type);
        data(event).remove(List.of("link", "code"));

        assertThat(invalid(headers(), bytes(event)).violations())
                .containsExactly(new Violation("/data", "data must have link or code"));

        data(event).put("code", "0123");
        assertThat(reader.read(headers(), bytes(event)).code()).isEqualTo("0123");
        data(event).put("link", "https://example.com");
        assertThat(reader.read(headers(), bytes(event)).link()).isEqualTo("https://example.com");
    }

    @Test
    void everyViolationIsReportedAndNoValueRepeated() {
        ObjectNode event = first(EventType.EMAIL_CHANGE);
        event.put("specversion", "0.3").put("id", "").put("source", "a b").put("time", "yesterday");
        event.put("datacontenttype", "text/plain");
        data(event)
                .put("email", "Ann Secret <ann@secret.example>")
                .put("newEmail", "secret@")
                .put("name", "secret".repeat(40))
                .put("locale", "secret?")
                .put("link", "http://secret.example")
                .put("code", "secret\n")
                .put("expiresAt", "2026-11-22 secret");

        InvalidEventException invalid = invalid(headers(), bytes(event));

        assertThat(invalid.violations())
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder(
                        "/specversion",
                        "/id",
                        "/source",
                        "/time",
                        "/datacontenttype",
                        "/data/email",
                        "/data/newEmail",
                        "/data/name",
                        "/data/locale",
                        "/data/link",
                        "/data/code",
                        "/data/expiresAt");
        assertThat(invalid.violations()).extracting(Violation::message).noneMatch(m -> m.contains("secret"));
        assertThat(invalid)
                .message()
                .doesNotContain("secret")
                .contains("and 2 more")
                .hasSizeLessThan(2000);
        assertThat(invalid.eventType()).isEqualTo("account.email-change");
        assertThat(invalid.eventId()).isNull();
        assertThat(invalid.recipient()).isEqualTo("Ann Secret <ann@secret.example>");
    }

    @Test
    void unknownTypeIsReportedWithTheKnownOnesAndWithWhatElseIsWrong() {
        ObjectNode event = first(EventType.WELCOME).put("type", "signup.farewell");
        data(event).remove("email");

        InvalidEventException invalid = invalid(headers(), bytes(event));

        assertThat(invalid.violations())
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/type", "/data/email");
        assertThat(invalid.violations())
                .filteredOn(v -> v.pointer().equals("/type"))
                .allSatisfy(v -> assertThat(v.message()).contains(EventType.typeNames()));
        assertThat(invalid.eventType()).isEqualTo("signup.farewell");
    }

    @Test
    void aFieldThatTheTypeDoesNotHaveIsIgnoredHoweverWrong() throws Exception {
        ObjectNode event = first(EventType.VERIFICATION_CODE);
        data(event).put("link", "javascript:alert(1)").put("newEmail", 7).put("invitedBy", "x\r\ny");

        SignupEvent read = reader.read(headers(), bytes(event));

        assertThat(read.link()).isNull();
        assertThat(read.newEmail()).isNull();
        assertThat(read.invitedBy()).isNull();
    }

    @Test
    void nullCountsAsAbsentAndABlankNameToo() throws Exception {
        ObjectNode event = first(EventType.WELCOME);
        event.putNull("time").putNull("datacontenttype").putNull("data_base64");
        data(event).put("name", "  ").putNull("locale").putNull("link").putNull("expiresAt");

        SignupEvent read = reader.read(headers(), bytes(event));

        assertThat(read.time()).isNull();
        assertThat(read.name()).isNull();
        assertThat(read.locale()).isNull();
        assertThat(read.link()).isNull();
        assertThat(read.expiresAt()).isNull();
    }

    @Test
    void lineBreaksInANameAreNotTheReadersBusiness() throws Exception {
        ObjectNode event = first(EventType.WELCOME);
        data(event).put("name", "Ann\r\nBcc: eve@example.com");

        assertThat(reader.read(headers(), bytes(event)).name()).isEqualTo("Ann\r\nBcc: eve@example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@example.com",
                "Ann.O'Hara+tag=1@mail.example.co.uk",
                "пётр@пример.рф",
                "用户@例え.テスト",
                "भारत@डाटामेल.भारत",
                "ann@xn--e1afmkfd.xn--p1ai",
                "ann@localhost",
                "!#$%&'*+/=?^_`{|}~-@example.com"
            })
    void plainAddressesAreTaken(String address) throws Exception {
        ObjectNode event = first(EventType.EMAIL_CHANGE);
        data(event).put("email", address).put("newEmail", address);

        assertThat(reader.read(headers(), bytes(event)).email()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ann",
                "@example.com",
                "ann@",
                "ann@example.com ",
                " ann@example.com",
                "ann@example.com\n",
                "ann@example.com\r\nBcc: eve@example.com",
                "ann@exa\u0000mple.com",
                "ann\u202e@example.com",
                "ann\u00a0@example.com",
                "a nn@example.com",
                "Ann <ann@example.com>",
                "<ann@example.com>",
                "ann@example.com,bob@example.com",
                "ann@example.com;bob@example.com",
                "ann@bob@example.com",
                "\"ann b\"@example.com",
                "ann@[127.0.0.1]",
                "ann..b@example.com",
                ".ann@example.com",
                "ann.@example.com",
                "ann@example..com",
                "ann@example.com.",
                "ann@-example.com",
                "ann@exa_mple.com",
                "mailto:ann@example.com",
                "ann@example.com?bcc=eve@example.com"
            })
    void anythingButOnePlainAddressIsRefused(String address) {
        ObjectNode event = first(EventType.EMAIL_CHANGE);
        data(event).put("email", address).put("newEmail", address);

        assertThat(pointers(headers(), bytes(event))).containsExactlyInAnyOrder("/data/email", "/data/newEmail");
    }

    @Test
    void lengthsAreCheckedToTheCharacter() throws Exception {
        String domain = "@" + "d".repeat(60) + ".example.com";
        assertTaken("email", "a".repeat(254 - domain.length()) + domain);
        assertRefused("email", "a".repeat(255 - domain.length()) + domain);
        assertTaken("name", "😀".repeat(200));
        assertRefused("name", "n".repeat(201));
        assertTaken("code", "c".repeat(64));
        assertRefused("code", "c".repeat(65));
        assertTaken("link", "https://e.example/" + "p".repeat(2030));
        assertRefused("link", "https://e.example/" + "p".repeat(2031));

        ObjectNode event = first(EventType.WELCOME).put("id", "i".repeat(256));
        assertThat(reader.read(headers(), bytes(event)).id()).hasSize(256);
        event.put("id", "i".repeat(257));
        assertThat(pointers(headers(), bytes(event))).containsExactly("/id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "123 456", "K7Q-M2X", "код", "<b>", "😀"})
    void printableCodesAreTaken(String code) throws Exception {
        assertTaken("code", code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "12\n34", "1234\r\n", "1234 ", "\t1", "12\u200b34", "12\u202e34"})
    void codesThatCannotBeTypedAreRefused(String code) {
        assertRefused("code", code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "HTTPS://example.com:8443/a/b?c=d&e=%20#f",
                "https://пример.рф/подтвердить?токен=1",
                "https://[2001:db8::1]/x"
            })
    void httpsLinksAreTaken(String link) throws Exception {
        assertTaken("link", link);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://example.com",
                "http://localhost:3000/x",
                "https://",
                "https:///path",
                "https:example.com",
                "//example.com",
                "example.com",
                "javascript:alert(1)",
                "https://example.com/a b",
                "https://example.com/\nx",
                "https://example.com/{token}",
                "https://example.com/\"onclick=x",
                "https://example.com\\@evil.example",
                "https://example.com/ok\n"
            })
    void otherLinksAreRefused(String link) {
        assertRefused("link", link);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ru", "ru-RU", "ru_RU", "zh-Hant-TW", "es-419", "sr-Latn-RS", "en-US-x-shop", "de-CH-1996"})
    void languageTagsAreTaken(String locale) throws Exception {
        assertTaken("locale", locale);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "e", "english language", "ru-", "ru RU", "../../etc/passwd", "ru\n", "русский", "ru_RU.UTF-8"
            })
    void otherLocalesAreRefused(String locale) {
        assertRefused("locale", locale);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T05:10:00Z, 2026-11-22T05:10:00Z",
        "2026-11-22t05:10:00z, 2026-11-22T05:10:00Z",
        "2026-11-22T08:10:00+03:00, 2026-11-22T05:10:00Z",
        "2026-11-21T21:40:00.5-07:30, 2026-11-22T05:10:00.5Z",
        "2026-11-22T05:10:00.123456789Z, 2026-11-22T05:10:00.123456789Z"
    })
    void expiryMayHaveAnyOffset(String text, String instant) throws Exception {
        ObjectNode event = first(EventType.WELCOME).put("time", text);
        data(event).put("expiresAt", text);

        assertThat(reader.read(headers(), bytes(event)).expiresAt()).isEqualTo(Instant.parse(instant));
        assertThat(reader.read(headers(), bytes(event)).time()).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-22",
                "2026-11-22T05:10:00",
                "2026-11-22 05:10:00Z",
                "2026-11-22T05:10Z",
                "2026-02-30T05:10:00Z",
                "2026-11-22T25:10:00Z",
                "2016-12-31T23:59:60Z",
                "1795324200",
                "2026-11-22T05:10:00Z\n",
                "+999999999-12-31T23:59:59Z"
            })
    void otherTimesAreRefused(String text) {
        ObjectNode event = first(EventType.WELCOME).put("time", text);
        data(event).put("expiresAt", text);

        assertThat(pointers(headers(), bytes(event))).containsExactlyInAnyOrder("/time", "/data/expiresAt");
    }

    @Test
    void aNumberForACodeIsAnsweredWithTheRemedy() {
        ObjectNode event = first(EventType.VERIFICATION_CODE);
        data(event).put("code", 123456);

        assertThat(invalid(headers(), bytes(event)).violations())
                .containsExactly(new Violation("/data/code", "code must be a string, not a number; quote it"));
    }

    @Test
    void dataThatWasEncodedTwiceIsToldSo() {
        ObjectNode event = first(EventType.WELCOME);
        event.put("data", data(event).toString());

        assertThat(invalid(headers(), bytes(event)).violations())
                .containsExactly(
                        new Violation("/data", "data must be a JSON object, not a string (was it encoded twice?)"));
    }

    @Test
    void base64DataIsReadWhenItIsJson() throws Exception {
        ObjectNode plain = first(EventType.INVITATION);
        ObjectNode encoded = plain.deepCopy();
        encoded.remove("data");
        encoded.put("data_base64", Base64.getEncoder().encodeToString(bytes(data(plain))));

        assertThat(reader.read(headers(), bytes(encoded))).isEqualTo(reader.read(headers(), bytes(plain)));

        encoded.put("data_base64", "not base64!");
        assertThat(pointers(headers(), bytes(encoded))).containsExactly("/data_base64");
        encoded.put("data_base64", Base64.getEncoder().encodeToString(utf8("not JSON")));
        assertThat(pointers(headers(), bytes(encoded))).containsExactly("/data_base64");
        encoded.put("data_base64", 7);
        assertThat(pointers(headers(), bytes(encoded))).containsExactly("/data_base64");
        assertThat(pointers(headers(), bytes(plain.put("data_base64", "e30=")))).containsExactly("/data_base64");
    }

    @Test
    void onlyTheHeadersOfCloudEventsAreLookedAt() throws Exception {
        ObjectNode example = first(EventType.VERIFICATION_CODE);
        Headers hostile = binaryHeaders(example)
                .add("To", utf8("eve@example.com"))
                .add("Bcc", utf8("eve@example.com"))
                .add("email", utf8("eve@example.com"))
                .add("ce_data", utf8("{\"email\":\"eve@example.com\"}"))
                .add("ce_email", new byte[] {(byte) 0xff})
                .add("", null);

        assertThat(reader.read(hostile, bytes(data(example)))).isEqualTo(reader.read(headers(), bytes(example)));
    }

    @Test
    void aRepeatedHeaderCountsAsItsLastValue() throws Exception {
        ObjectNode example = first(EventType.WELCOME);

        SignupEvent event = reader.read(binaryHeaders(example).add("ce_id", utf8("second")), bytes(data(example)));

        assertThat(event.id()).isEqualTo("second");
    }

    @Test
    void brokenDataInBinaryModeStillTellsWhichEventItWas() {
        ObjectNode example = first(EventType.VERIFICATION_CODE);
        example.remove("source");

        InvalidEventException invalid = invalid(binaryHeaders(example), utf8("{\"code\": 12secret"));

        assertThat(invalid.violations()).extracting(Violation::pointer).containsExactly("/data", "/source");
        assertThat(invalid.eventId()).isEqualTo(example.get("id").textValue());
        assertThat(invalid.eventType()).isEqualTo("signup.verification-code");
        assertThat(invalid).message().doesNotContain("secret");
    }

    @Test
    void aHeaderThatIsNotUtf8IsReportedAtItsAttribute() {
        ObjectNode example = first(EventType.WELCOME);
        Headers headers = binaryHeaders(example).remove("ce_source").add("ce_source", new byte[] {'/', (byte) 0xc3});

        assertThat(pointers(headers, bytes(data(example)))).containsExactly("/source");
    }

    private void assertTaken(String field, String value) throws InvalidEventException {
        SignupEvent event = reader.read(headers(), with(field, value));
        assertThat(Samples.JSON
                        .valueToTree(Map.of(
                                "email", event.email(),
                                "name", String.valueOf(event.name()),
                                "locale", String.valueOf(event.locale()),
                                "code", String.valueOf(event.code()),
                                "link", String.valueOf(event.link())))
                        .get(field)
                        .textValue())
                .isEqualTo(value);
    }

    private void assertRefused(String field, String value) {
        assertThat(pointers(headers(), with(field, value))).containsExactly("/data/" + field);
    }

    private static byte[] with(String field, String value) {
        ObjectNode event = first(EventType.PASSWORD_RESET);
        data(event).put("code", "0").put(field, value);
        return bytes(event);
    }

    private List<String> pointers(Headers headers, byte @Nullable [] value) {
        return invalid(headers, value).violations().stream()
                .map(Violation::pointer)
                .toList();
    }

    private InvalidEventException invalid(Headers headers, byte @Nullable [] value) {
        InvalidEventException invalid =
                catchThrowableOfType(InvalidEventException.class, () -> reader.read(headers, value));
        assertThat(invalid).as("the event is refused").isNotNull();
        return invalid;
    }
}
