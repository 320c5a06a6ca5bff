package org.signupmailer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class AllowedHeadersTest {

    @Test
    void onlyCloudEventsTheContentTypeAndTraceContextEnter() {
        assertThat(entering("ce_id", "CE_Type", "content-type", "Content-Type", "traceparent", "tracestate"))
                .containsExactly("ce_id", "CE_Type", "content-type", "Content-Type", "traceparent", "tracestate");
    }

    @Test
    void whatCouldSteerTheMailStaysOut() {
        assertThat(entering(
                        "To",
                        "Bcc",
                        "Subject",
                        "From",
                        "mail.smtp.host",
                        "CamelFileName",
                        "camelMailTo",
                        "",
                        " ce_id",
                        "ce",
                        "xce_id",
                        "content-type\r\nBcc",
                        "baggage",
                        "kafka.TOPIC",
                        "JMSType",
                        "\u0441e_id"))
                .isEmpty();
    }

    @Test
    void aHeaderThatComesTwiceStaysTwiceAndInOrder() {
        RecordHeaders all = new RecordHeaders();
        all.add("ce_id", "1".getBytes(UTF_8)).add("To", new byte[0]).add("ce_id", null);

        assertThat(Arrays.stream(AllowedHeaders.of(all, false).toArray()).map(Header::value))
                .containsExactly("1".getBytes(UTF_8), null);
    }

    private static List<String> entering(String... names) {
        RecordHeaders all = new RecordHeaders();
        for (String name : names) {
            all.add(name, "x".getBytes(UTF_8));
        }
        return Arrays.stream(AllowedHeaders.of(all, false).toArray())
                .map(Header::key)
                .toList();
    }
}
