package org.signupmailer.ledger;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.signupmailer.event.IdHash;

/**
 * The ids of accepted events, some 27 bytes each whatever their length, forgotten when they are older than the ledger keeps
 * them. Ids are told apart by 96 bits of their SHA-256. Thread-safe.
 */
final class AcceptedIds {

    private static final int TABLES_BITS = 4;
    private static final long MILLIS_OF_HOUR = 3_600_000;
    // Nobody outside knows it, so nobody can think up ids that all belong to the same page. Odd, so that no two become
    // one.
    private static final long SPREAD = ThreadLocalRandom.current().nextLong() | 1;

    private final int keepHours;
    private final InstantSource clock;
    private final AcceptedIdsTable[] tables = new AcceptedIdsTable[1 << TABLES_BITS];

    AcceptedIds(Duration keep, InstantSource clock) {
        this.keepHours = (int) keep.toHours();
        this.clock = clock;
        for (int i = 0; i < tables.length; i++) {
            // Pages of each table are divided at another time: never are all of them half empty.
            tables[i] = new AcceptedIdsTable((float) i / tables.length, this::oldest);
        }
    }

    void add(String id, Instant acceptedAt) {
        addHash(IdHash.of(id), acceptedAt.toEpochMilli());
    }

    /** The same for an id as it is in Kafka, in UTF-8. */
    void add(byte[] id, long acceptedAtMillis) {
        addHash(IdHash.of(id), acceptedAtMillis);
    }

    private void addHash(byte[] idHash, long acceptedAtMillis) {
        ByteBuffer hash = ByteBuffer.wrap(idHash);
        long first = hash.getLong() * SPREAD;
        table(first).add(first << TABLES_BITS, hash.getInt(), hour(acceptedAtMillis));
    }

    boolean contains(String id) {
        ByteBuffer hash = ByteBuffer.wrap(IdHash.of(id));
        long first = hash.getLong() * SPREAD;
        return table(first).contains(first << TABLES_BITS, hash.getInt());
    }

    int size() {
        int size = 0;
        for (AcceptedIdsTable table : tables) {
            size += table.size();
        }
        return size;
    }

    /** What all of them take, in bytes. */
    long bytes() {
        long bytes = 0;
        for (AcceptedIdsTable table : tables) {
            bytes += table.bytes();
        }
        return bytes;
    }

    private AcceptedIdsTable table(long first) {
        return tables[(int) (first >>> (Long.SIZE - TABLES_BITS))];
    }

    // By this machine's clock and not by the ledger's times: one entry from next year would make all others old.
    private int oldest() {
        return hour(clock.millis()) - keepHours;
    }

    // Never 0, which marks a free place.
    private static int hour(long millis) {
        return Math.max(1, (int) (millis / MILLIS_OF_HOUR));
    }
}
