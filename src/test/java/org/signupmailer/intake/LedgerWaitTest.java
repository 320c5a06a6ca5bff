package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.signupmailer.ledger.Acceptances;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class LedgerWaitTest {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private final List<String> asked = new ArrayList<>();
    private boolean newestInTime = true;
    private boolean allInTime = true;
    private boolean all;
    private final LedgerWait wait = new LedgerWait(new Ledger(), "a-ledger", AT_MOST);

    /** Knows what was published from the thousandth millisecond on, until all of it was asked for. */
    private final class Ledger implements Acceptances {

        @Override
        public boolean catchUp(Duration within) {
            assertThat(within).isEqualTo(AT_MOST);
            asked.add("all");
            all = allInTime;
            return allInTime;
        }

        @Override
        public boolean catchUpWithNewest(Duration within) {
            assertThat(within).isEqualTo(AT_MOST);
            asked.add("newest");
            return newestInTime;
        }

        @Override
        public boolean tells(long published) {
            return all || (newestInTime && published >= 1000);
        }
    }

    @Test
    void eventsThatAreYoungerThanWhatIsReadWaitForNothingMore() {
        wait.partitionsCame();

        wait.eventsCame(publishedAt(1000, 2000));
        wait.eventsCame(List.of());

        assertThat(asked).containsExactly("newest");
    }

    @Test
    void oneThatIsOlderMakesAllOfTheLedgerBeReadFirst() {
        wait.partitionsCame();

        wait.eventsCame(publishedAt(1000, 999, 2000));
        wait.eventsCame(publishedAt(1));

        assertThat(asked).containsExactly("newest", "all");
    }

    @Test
    void oneWithoutATimeCountsAsOld() {
        wait.partitionsCame();

        wait.eventsCame(publishedAt(ConsumerRecord.NO_TIMESTAMP));

        assertThat(asked).containsExactly("newest", "all");
    }

    @Test
    void theOlderPartIsWaitedForInVainOnceForEachAssignmentAndThatIsSaid(CapturedOutput log) {
        allInTime = false;
        wait.partitionsCame();

        wait.eventsCame(publishedAt(1));
        wait.eventsCame(publishedAt(2));

        assertThat(asked).containsExactly("newest", "all");
        assertThat(log)
                .contains(
                        "The older part of the ledger a-ledger could not be read within 30 s; going on without, since a"
                                + " mail twice is better than a mail late");

        wait.partitionsCame();
        wait.eventsCame(publishedAt(3));

        assertThat(asked).containsExactly("newest", "all", "newest", "all");
    }

    @Test
    void aLedgerThatCannotBeReadAtAllHoldsUpNoEventAfterThat(CapturedOutput log) {
        newestInTime = false;
        wait.partitionsCame();

        wait.eventsCame(publishedAt(1, 2000));

        assertThat(asked).containsExactly("newest");
        assertThat(log)
                .contains("The ledger a-ledger could not be read within 30 s; going on without, since a mail twice is"
                        + " better than a mail late");
    }

    private static List<ConsumerRecord<byte[], byte[]>> publishedAt(long... times) {
        return LongStream.of(times)
                .mapToObj(time -> new ConsumerRecord<>(
                        "events",
                        0,
                        7,
                        time,
                        TimestampType.CREATE_TIME,
                        1,
                        1,
                        new byte[1],
                        new byte[1],
                        new RecordHeaders(),
                        Optional.empty()))
                .toList();
    }
}
