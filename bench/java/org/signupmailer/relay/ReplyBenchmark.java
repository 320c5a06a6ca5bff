package org.signupmailer.relay;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a relay's words cost: understanding them, and finding out what a refusal means. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplyBenchmark {

    private static final byte[] FROM = "From: Shop <no-reply@shop.example>\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ProviderPresets presets = ProviderPresets.load();
    private final FailureClassifier classifier = new FailureClassifier(presets, null);
    private final ProviderPreset gmail = presets.byName("gmail");
    private final SmtpReply quota = SmtpReply.parse("550 5.4.5 Daily user sending limit exceeded.");
    // The rule that comes last.
    private final SmtpReply unheardOf = SmtpReply.parse("571 Go away");
    private final byte[] mail = ("A line of text as mails have it, 60 characters or so.\r\n".repeat(90) + ".\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    public SmtpReply parse() {
        return SmtpReply.parse("250 2.0.0 Ok: queued as 4XyZ1234567");
    }

    @Benchmark
    public Verdict classifyByText() {
        return classifier.classify(gmail, SmtpPhase.RCPT, quota);
    }

    @Benchmark
    public Verdict classifyByLastRule() {
        return classifier.classify(null, SmtpPhase.FINAL_DOT, unheardOf);
    }

    @Benchmark
    public DotStuffing dotStuffing() {
        return new DotStuffing().with(FROM, mail, new byte[0]);
    }
}
