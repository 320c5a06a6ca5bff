package org.signupmailer.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.delivery.EventTraces;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.Attempt;

/**
 * A span for each event, from its reading to its end, in the trace of the record's {@code traceparent}; below it one for
 * each attempt at a relay. They are made when the event has ended, from what is known of it anyway, and sent in batches
 * by a thread of their own. No address, code, link or reply is in them.
 */
final class OtlpTraces implements EventTraces, AutoCloseable {

    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("signup.event.type");
    private static final AttributeKey<String> ID = AttributeKey.stringKey("signup.event.id");
    private static final AttributeKey<String> END = AttributeKey.stringKey("signup.end");
    private static final AttributeKey<Long> RETRIES = AttributeKey.longKey("signup.retries");
    private static final AttributeKey<String> RELAY = AttributeKey.stringKey("signup.relay");
    private static final AttributeKey<String> CLASS = AttributeKey.stringKey("signup.class");
    private static final AttributeKey<String> PHASE = AttributeKey.stringKey("smtp.phase");
    private static final AttributeKey<Long> CODE = AttributeKey.longKey("smtp.reply.code");
    private static final AttributeKey<String> HOST = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private OtlpTraces(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get("org.signupmailer");
    }

    /** Sends to a collector that takes OTLP over HTTP there. */
    static OtlpTraces to(String url) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(url)
                .setTimeout(Duration.ofSeconds(5))
                .build();
        return new OtlpTraces(SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "signup-mailer"))))
                .addSpanProcessor(BatchSpanProcessor.builder(new ToldExporter(exporter, url))
                        .setScheduleDelay(Duration.ofSeconds(1))
                        .build())
                .build());
    }

    @Override
    public void ended(Delivery delivery, String end, Instant at) {
        SignupEvent event = delivery.event();
        Headers headers = delivery.record().headers();
        SpanBuilder builder = tracer.spanBuilder(event == null ? "no event" : event.type())
                .setParent(W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, Getter.OF_RECORDS))
                .setSpanKind(SpanKind.CONSUMER)
                .setStartTimestamp(delivery.readAt())
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(TOPIC, delivery.record().topic())
                .setAttribute(END, end)
                .setAttribute(RETRIES, (long) delivery.retries());
        if (event != null) {
            builder.setAttribute(TYPE, event.type()).setAttribute(ID, event.id());
        }
        Span span = builder.startSpan();
        for (Attempt attempt : delivery.attemptsSinceRead()) {
            told(attempt, span);
        }
        if (delivery.deadLetter() != null) {
            span.setStatus(StatusCode.ERROR, end);
        }
        span.end(at);
    }

    private void told(Attempt attempt, Span event) {
        String result = attempt.failure() == null ? "accepted" : word(attempt.failure());
        SpanBuilder builder = tracer.spanBuilder("relay " + attempt.relay())
                .setParent(Context.root().with(event))
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(attempt.at())
                .setAttribute(RELAY, attempt.relay())
                .setAttribute(CLASS, result)
                .setAttribute(PHASE, word(attempt.phase()))
                .setAttribute(HOST, attempt.host())
                .setAttribute(PORT, (long) attempt.port());
        if (attempt.reply() != null) {
            builder.setAttribute(CODE, (long) attempt.reply().code());
        }
        Span span = builder.startSpan();
        if (!attempt.accepted()) {
            span.setStatus(StatusCode.ERROR, result);
        }
        span.end(attempt.at().plusMillis(attempt.millis()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What has ended is sent before the process ends, if the collector takes it within 3 s. */
    @Override
    public void close() {
        provider.shutdown().join(3, TimeUnit.SECONDS);
    }

    private enum Getter implements TextMapGetter<Headers> {
        OF_RECORDS;

        @Override
        public Iterable<String> keys(Headers headers) {
            List<String> keys = new ArrayList<>();
            headers.forEach(header -> keys.add(header.key()));
            return keys;
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            Header header = headers == null ? null : headers.lastHeader(key);
            return header == null || header.value() == null
                    ? null
                    : new String(header.value(), StandardCharsets.US_ASCII);
        }
    }
}
