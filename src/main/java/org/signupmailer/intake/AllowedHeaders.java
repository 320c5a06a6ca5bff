package org.signupmailer.intake;

import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.signupmailer.retry.RetryTopics;

/**
 * The door: the only record headers that enter are CloudEvents attributes, the content type and W3C trace context. A
 * header named {@code To} or {@code mail.smtp.host} would otherwise steer the mail (CVE-2026-46584).
 */
final class AllowedHeaders {

    private static final Set<String> NAMES = Set.of("content-type", "traceparent", "tracestate");
    private static final String CLOUD_EVENTS = "ce_";
    private static final RecordHeaders NONE = new RecordHeaders();

    static {
        NONE.setReadOnly();
    }

    private AllowedHeaders() {}

    /**
     * What may enter; not to be added to.
     *
     * @param retried whether the record comes from a retry topic, whose own headers may enter too
     */
    static Headers of(Headers all, boolean retried) {
        RecordHeaders allowed = null;
        for (Header header : all) {
            String name = header.key().toLowerCase(Locale.ROOT);
            if (NAMES.contains(name)
                    || name.startsWith(CLOUD_EVENTS)
                    || (retried && RetryTopics.isOurs(header.key()))) {
                allowed = allowed == null ? new RecordHeaders() : allowed;
                allowed.add(header);
            }
        }
        return allowed == null ? NONE : allowed;
    }
}
