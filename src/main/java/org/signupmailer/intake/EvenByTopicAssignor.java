package org.signupmailer.intake;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Shares each topic evenly among the processes of a group, and moves no partition without need.
 *
 * <p>Kafka's {@link CooperativeStickyAssignor} counts partitions whatever their topic: of six partitions of events and
 * eighteen of retries, a process that comes as the fourth gets six of retries, nearly always empty, and no event. Here
 * it is asked about each topic alone. Processes with Kafka's own and processes with this one form one group.
 */
public final class EvenByTopicAssignor implements ConsumerPartitionAssignor {

    private static final int NO_GENERATION = -1;

    private final CooperativeStickyAssignor sticky = new CooperativeStickyAssignor();

    /** For Kafka's clients, which make it from its name. */
    public EvenByTopicAssignor() {}

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        Map<String, List<TopicPartition>> assigned = new HashMap<>();
        Set<String> topics = new TreeSet<>();
        group.groupSubscription().values().forEach(subscription -> topics.addAll(subscription.topics()));
        for (String topic : topics) {
            sticky.assign(cluster, only(topic, group))
                    .groupAssignment()
                    .forEach((member, share) -> assigned.computeIfAbsent(member, m -> new ArrayList<>())
                            .addAll(share.partitions()));
        }
        Map<String, Assignment> assignments = new HashMap<>();
        assigned.forEach((member, partitions) -> assignments.put(member, new Assignment(partitions)));
        return new GroupAssignment(assignments);
    }

    private static GroupSubscription only(String topic, GroupSubscription group) {
        Map<String, Subscription> members = new HashMap<>();
        group.groupSubscription().forEach((member, subscription) -> {
            Subscription one = new Subscription(
                    subscription.topics().stream().filter(topic::equals).toList(),
                    afresh(subscription.userData()),
                    subscription.ownedPartitions().stream()
                            .filter(partition -> partition.topic().equals(topic))
                            .toList(),
                    subscription.generationId().orElse(NO_GENERATION),
                    subscription.rackId());
            one.setGroupInstanceId(subscription.groupInstanceId());
            members.put(member, one);
        });
        return new GroupSubscription(members);
    }

    // Reading moves a buffer's position, and it is read once for each topic.
    private static @Nullable ByteBuffer afresh(@Nullable ByteBuffer data) {
        return data == null ? null : data.duplicate();
    }

    /**
     * The name of Kafka's own, so that both form one group, and so that Kafka's client leaves out a check that fails where
     * a process still names partitions which it lost a generation ago; Kafka's own sees through that by itself.
     */
    @Override
    public String name() {
        return sticky.name();
    }

    @Override
    public short version() {
        return sticky.version();
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return sticky.supportedProtocols();
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        return sticky.subscriptionUserData(topics);
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        sticky.onAssignment(assignment, metadata);
    }
}
