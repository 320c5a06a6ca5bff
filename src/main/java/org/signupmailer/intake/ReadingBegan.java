package org.signupmailer.intake;

/**
 * Published to Spring's listeners each time Kafka gives this process partitions to read, on the thread that reads.
 *
 * @param topic the events
 * @param partitions how many of it came in this round; 0 when only topics of retries did
 */
public record ReadingBegan(String topic, int partitions) {}
