package org.signupmailer.ledger;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.signupmailer.event.IdHash;

/**
 * The ids of accepted events, some 16 bytes each whatever their length, known on the day they were accepted and for as many
 * days more as the ledger keeps them, in UTC. Ids are told apart by 76 bits of their SHA-256: with ten million of them here,
 * one new id in 7 * 10^15 is taken for one of them. Thread-safe.
 */
final class AcceptedIds {

    private static final int TABLES_BITS = 4;
    private static final int LOWEST_BITS = (1 << TABLES_BITS) - 1;
    private static final long MILLIS_OF_DAY = 86_400_000;
    // Nobody outside knows it, so nobody can think up ids that all belong to the same page. Odd, so that no two become
    // one.
    private static final long SPREAD = ThreadLocalRandom.current().nextLong() | 1;

    private final int keepDays;
    private final InstantSource clock;
    private final AcceptedIdsTable[] tables = new AcceptedIdsTable[1 << TABLES_BITS];

    AcceptedIds(Duration keep, InstantSource clock) {
        // From tomorrow on, which it is already where a clock is ahead.
        this.keepDays = (int) keep.toDays() + 1;
        this.clock = clock;
        for (int i = 0; i < tables.length; i++) {
            // Pages of each table are divided at another time: never are all of them half empty.
            tables[i] = new AcceptedIdsTable((float) i / tables.length, keepDays);
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
        // By this machine's clock and not by the ledger's times: one entry from next year would make all others old.
        int latest = latest();
        int day = Math.min(day(acceptedAtMillis), latest);
        if (latest - day <= keepDays) {
            ByteBuffer hash = ByteBuffer.wrap(idHash);
            long spread = hash.getLong() * SPREAD;
            short more = hash.getShort();
            table(spread).add(first(spread, more), (byte) more, day, latest);
        }
    }

    boolean contains(String id) {
        ByteBuffer hash = ByteBuffer.wrap(IdHash.of(id));
        long spread = hash.getLong() * SPREAD;
        short more = hash.getShort();
        return table(spread).contains(first(spread, more), (byte) more, latest());
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

    private AcceptedIdsTable table(long spread) {
        return tables[(int) (spread >>> (Long.SIZE - TABLES_BITS))];
    }

    // All ids of a table have the same highest bits: others take their place. Never 0, which marks a free place.
    private static long first(long spread, short more) {
        long first = (spread << TABLES_BITS) | ((more >>> Byte.SIZE) & LOWEST_BITS);
        return first == 0 ? 1 : first;
    }

    private int latest() {
        return day(clock.millis()) + 1;
    }

    private static int day(long millis) {
        return (int) (millis / MILLIS_OF_DAY);
    }
}
