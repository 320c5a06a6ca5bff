package org.signupmailer.event;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;

/** From a record's bytes to an event, schema and all. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {

    private final EventReader reader = new EventReader();
    private final TestEvent event = TestEvents.verificationCode().name("Ann").locale("ru");
    private final byte[] structured = event.value();
    private final Headers none = new RecordHeaders();
    private final byte[] binary = event.binary().value();
    private final Headers binaryHeaders = new RecordHeaders(event.binary().headers());

    @Benchmark
    public SignupEvent structured() throws InvalidEventException {
        return reader.read(none, structured);
    }

    @Benchmark
    public SignupEvent binary() throws InvalidEventException {
        return reader.read(binaryHeaders, binary);
    }
}
