package org.signupmailer.email;

import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.signupmailer.event.SignupEvent;

/** From an event to the bytes that relays get. English travels as it is, Russian in quoted-printable or base64. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MailBenchmark {

    @Param({"en", "ru"})
    private String locale = "en";

    private final Instant now = Instant.parse("2026-11-22T05:00:00Z");
    private final MimeWriter writer = new MimeWriter("shop.example");
    private EmailRenderer renderer;
    private SignupEvent event;
    private Email email;

    @Setup
    public void prepare() throws TemplateFailure {
        renderer = new EmailRenderer(TemplateSet.load(null), Locale.ENGLISH, "Shop", Clock.systemUTC());
        event = new SignupEvent(
                "6f0c2a4e-5d8b-4f11-9e4c-0a9f6d1f2b3c",
                "/shop/auth",
                "signup.verification-code",
                now,
                "ann@example.com",
                "Ann",
                locale,
                "482913",
                null,
                null,
                null,
                now.plusSeconds(600));
        email = renderer.render(event);
    }

    @Benchmark
    public Email render() throws TemplateFailure {
        return renderer.render(event);
    }

    @Benchmark
    public Mime mime() {
        return writer.write(event, email, now);
    }
}
