package org.signupmailer.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Counts the lines of the log by level, under the name that Micrometer's own count has. That one is asked at every log
 * statement of every library, also where nothing is logged.
 */
@Component
final class LogLines implements MeterBinder, AutoCloseable {

    private static final List<Level> LEVELS = List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

    private final Map<MeterRegistry, Lines> counted = new ConcurrentHashMap<>();

    @Override
    public void bindTo(MeterRegistry registry) {
        counted.computeIfAbsent(registry, Lines::new);
    }

    @Override
    public void close() {
        counted.values().forEach(lines -> root().detachAppender(lines));
    }

    private static Logger root() {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static final class Lines extends UnsynchronizedAppenderBase<ILoggingEvent> {

        private final Map<Level, Counter> counters;

        private Lines(MeterRegistry registry) {
            counters = LEVELS.stream()
                    .collect(Collectors.toMap(level -> level, level -> Counter.builder("logback.events")
                            .description("Lines of the log, by level")
                            .tag("level", level.levelStr.toLowerCase(Locale.ROOT))
                            .baseUnit(BaseUnits.EVENTS)
                            .register(registry)));
            setName("counted for " + registry.getClass().getSimpleName());
            setContext((LoggerContext) LoggerFactory.getILoggerFactory());
            start();
            root().addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            Counter counter = counters.get(event.getLevel());
            if (counter != null) {
                counter.increment();
            }
        }
    }
}
