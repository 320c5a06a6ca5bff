package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class EvenByTopicAssignorTest {

    private static final String EVENTS = "signup-events";
    private static final List<String> RETRIES =
            List.of(EVENTS + ".retry-10s", EVENTS + ".retry-1m", EVENTS + ".retry-10m");

    /** Processes that read together, and rebalance as Kafka has them: what one gives up, another gets a round later. */
    private static final class Group {

        private static final int MOST_ROUNDS = 5;

        private final Map<String, Integer> topics = new TreeMap<>();
        private final Map<String, Set<TopicPartition>> owned = new TreeMap<>();
        private final Map<String, Set<String>> unread = new HashMap<>();
        // The leader's, which is the same one all the time here: it must keep nothing from one rebalance for the next.
        private final ConsumerPartitionAssignor assignor = new EvenByTopicAssignor();
        private int generation;
        private int moved;

        Group(int eventPartitions) {
            topics.put(EVENTS, eventPartitions);
            RETRIES.forEach(topic -> topics.put(topic, 6));
        }

        void join(String process, String... without) {
            owned.put(process, Set.of());
            unread.put(process, Set.of(without));
            settle();
        }

        void leave(String process) {
            owned.remove(process);
            settle();
        }

        private void settle() {
            moved = 0;
            for (int round = 0; round < MOST_ROUNDS; round++) {
                int before = moved;
                rebalance();
                if (moved == before) {
                    return;
                }
            }
            throw new AssertionError("still moving after " + MOST_ROUNDS + " rounds: " + owned);
        }

        private void rebalance() {
            Map<String, Subscription> members = new HashMap<>();
            owned.forEach((process, partitions) -> members.put(
                    process,
                    new Subscription(
                            topics.keySet().stream()
                                    .filter(topic -> !unread.getOrDefault(process, Set.of())
                                            .contains(topic))
                                    .toList(),
                            assignor.subscriptionUserData(topics.keySet()),
                            List.copyOf(partitions),
                            partitions.isEmpty() ? -1 : generation,
                            Optional.empty())));
            Map<String, Assignment> assigned =
                    assignor.assign(cluster(), new GroupSubscription(members)).groupAssignment();
            generation++;
            assertThat(assigned.keySet()).isEqualTo(owned.keySet());
            assertThat(assigned.values().stream().flatMap(a -> a.partitions().stream()))
                    .doesNotHaveDuplicates();
            assigned.forEach((process, assignment) -> owned.forEach((other, partitions) -> {
                if (!other.equals(process)) {
                    assertThat(partitions)
                            .as("%s still reads it while %s gets it", other, process)
                            .noneMatch(assignment.partitions()::contains);
                }
            }));
            assigned.forEach((process, assignment) -> {
                Set<TopicPartition> before = owned.getOrDefault(process, Set.of());
                Set<TopicPartition> given = Set.copyOf(assignment.partitions());
                moved += (int) before.stream().filter(p -> !given.contains(p)).count();
                owned.put(process, given);
            });
        }

        private Cluster cluster() {
            Node node = new Node(1, "localhost", 9092);
            List<PartitionInfo> partitions = new ArrayList<>();
            topics.forEach((topic, count) -> IntStream.range(0, count)
                    .forEach(i ->
                            partitions.add(new PartitionInfo(topic, i, node, new Node[] {node}, new Node[] {node}))));
            return new Cluster("cluster", List.of(node), partitions, Set.of(), Set.of());
        }

        /** How many partitions of the topic each process reads, the fewest first. */
        List<Integer> shares(String topic) {
            return owned.values().stream()
                    .map(partitions -> (int) partitions.stream()
                            .filter(p -> p.topic().equals(topic))
                            .count())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aFourthProcessGetsItsShareOfTheEvents() {
        Group group = new Group(6);
        for (String process : List.of("a", "b", "c", "d")) {
            group.join(process);
        }
        assertThat(group.shares(EVENTS)).containsExactly(1, 1, 2, 2);
        assertThat(RETRIES).allSatisfy(topic -> assertThat(group.shares(topic)).containsExactly(1, 1, 2, 2));
    }

    @Test
    void whenAProcessComesOnlyItsShareMoves() {
        Group group = new Group(6);
        group.join("a");
        group.join("b");
        group.join("c");
        assertThat(group.moved).isEqualTo(4 * 2);
    }

    @Test
    void whenAProcessGoesNothingMovesAmongTheOthers() {
        Group group = new Group(6);
        for (String process : List.of("a", "b", "c")) {
            group.join(process);
        }
        group.leave("b");
        assertThat(group.moved).isZero();
        assertThat(group.shares(EVENTS)).containsExactly(3, 3);
    }

    @Test
    void partitionsThatAreAddedAreSharedToo() {
        Group group = new Group(1);
        for (String process : List.of("a", "b", "c", "d")) {
            group.join(process);
        }
        assertThat(group.shares(EVENTS)).containsExactly(0, 0, 0, 1);
        group.topics.put(EVENTS, 12);
        group.settle();
        assertThat(group.shares(EVENTS)).containsExactly(3, 3, 3, 3);
    }

    @Test
    void whileRetryTopicsChangeFromProcessToProcessTheEventsAreSharedAllTheSame() {
        String added = RETRIES.get(2);
        Group group = new Group(6);
        group.join("old", added);
        group.join("older", added);
        group.join("new");
        assertThat(group.shares(EVENTS)).containsExactly(2, 2, 2);
        assertThat(group.shares(RETRIES.get(0))).containsExactly(2, 2, 2);
        assertThat(group.shares(added)).containsExactly(0, 0, 6);
    }

    static IntStream seeds() {
        return IntStream.range(0, 50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whoeverComesAndGoesEachTopicIsShared(int seed) {
        Random random = new Random(seed);
        Group group = new Group(1 + random.nextInt(24));
        group.join("first");
        for (int i = 0; i < 30; i++) {
            List<String> processes = List.copyOf(group.owned.keySet());
            if (processes.size() == 1 || random.nextInt(5) < 3) {
                group.join("process-" + i);
            } else {
                group.leave(processes.get(random.nextInt(processes.size())));
            }
            group.topics.forEach((topic, count) -> {
                List<Integer> shares = group.shares(topic);
                assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
                assertThat(shares.get(shares.size() - 1) - shares.get(0))
                        .as("%s: %s", topic, shares)
                        .isLessThanOrEqualTo(1);
            });
        }
    }
}
