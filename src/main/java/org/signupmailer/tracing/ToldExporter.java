package org.signupmailer.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in one line, now and then, that spans do not get through; the library would do it with a stack trace each time. */
final class ToldExporter implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.tracing");
    private static final long SAY_EVERY = TimeUnit.MINUTES.toNanos(5);

    private final SpanExporter exporter;
    private final String url;
    private final AtomicLong said = new AtomicLong(System.nanoTime() - SAY_EVERY);

    ToldExporter(SpanExporter exporter, String url) {
        this.exporter = exporter;
        this.url = url;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> {
            long last = said.get();
            long now = System.nanoTime();
            if (!result.isSuccess() && now - last >= SAY_EVERY && said.compareAndSet(last, now)) {
                LOG.warn(
                        "Traces do not get to {}; mails are sent all the same, and what can't be kept is dropped", url);
            }
        });
        return result;
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
