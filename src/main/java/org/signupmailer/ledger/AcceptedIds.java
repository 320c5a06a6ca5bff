package org.signupmailer.ledger;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.signupmailer.event.IdHash;

/**
 * The ids of accepted events, 16 bytes each whatever their length, forgotten when they are older than the ledger keeps
 * them. Ids are told apart by 96 bits of their SHA-256. In many small tables, since one that is full is copied into a
 * larger one. Thread-safe.
 */
final class AcceptedIds {

    // So many that a table of some millions of ids is no large object yet, which Java's collector treats worse.
    private static final int TABLES_BITS = 8;
    private static final int SMALLEST = 1 << 4;
    private static final double FULL = 0.75;
    private static final long MILLIS_OF_HOUR = 3_600_000;
    // Copied more often than by doubling, but never half empty: there may be millions of ids.
    private static final double GROWTH = 1.25;

    private final int keepHours;
    private final InstantSource clock;
    private final Table[] tables = new Table[1 << TABLES_BITS];

    AcceptedIds(Duration keep, InstantSource clock) {
        this.keepHours = (int) keep.toHours();
        this.clock = clock;
        for (int i = 0; i < tables.length; i++) {
            tables[i] = new Table();
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
        long high = hash.getLong();
        table(high).add(high, hash.getInt(), hour(acceptedAtMillis));
    }

    boolean contains(String id) {
        ByteBuffer hash = ByteBuffer.wrap(IdHash.of(id));
        long high = hash.getLong();
        return table(high).contains(high, hash.getInt());
    }

    int size() {
        int size = 0;
        for (Table table : tables) {
            size += table.size();
        }
        return size;
    }

    // By the bits that a table does not find its places by.
    private Table table(long high) {
        return tables[(int) (high >>> (Long.SIZE - TABLES_BITS))];
    }

    // By this machine's clock and not by the ledger's times: one entry from next year would make all others old.
    private int oldest() {
        return hour(clock.millis()) - keepHours;
    }

    private static int hour(long millis) {
        return Math.max(1, (int) (millis / MILLIS_OF_HOUR));
    }

    /**
     * Open addressing: the next place is tried where one is taken. A place is two longs next to each other, since each id
     * is looked for where nothing was read lately: the first 64 bits of the hash, then its next 32 and the hour.
     */
    private final class Table {

        private long[] places = new long[2 * SMALLEST];
        private int size;

        synchronized void add(long first, int second, int at) {
            if (size >= capacity() * FULL) {
                rebuild(oldest());
            }
            put(first, second, at);
        }

        synchronized boolean contains(long first, int second) {
            return places[place(first, second) + 1] != 0;
        }

        synchronized int size() {
            return size;
        }

        private int capacity() {
            return places.length / 2;
        }

        private void put(long first, int second, int at) {
            int place = place(first, second);
            int known = hourAt(place);
            if (known == 0) {
                size++;
                places[place] = first;
            }
            places[place + 1] = (long) second << Integer.SIZE | Math.max(known, at);
        }

        // Hours since 1970, and so never 0: 0 marks a free place.
        private int hourAt(int place) {
            return (int) places[place + 1];
        }

        private int place(long first, int second) {
            // The lower half of the hash as a part of the whole, which needs no power of two.
            int place = 2 * (int) (((first & 0xFFFF_FFFFL) * capacity()) >>> Integer.SIZE);
            while (places[place + 1] != 0
                    && (places[place] != first || (int) (places[place + 1] >>> Integer.SIZE) != second)) {
                place = place + 2 == places.length ? 0 : place + 2;
            }
            return place;
        }

        private void rebuild(int oldest) {
            long[] old = places;
            int live = 0;
            for (int i = 0; i < old.length; i += 2) {
                live += isLive((int) old[i + 1], oldest) ? 1 : 0;
            }
            places = new long[2 * Math.max(SMALLEST, (int) Math.ceil(live / FULL * GROWTH))];
            size = 0;
            for (int i = 0; i < old.length; i += 2) {
                int at = (int) old[i + 1];
                if (isLive(at, oldest)) {
                    put(old[i], (int) (old[i + 1] >>> Integer.SIZE), at);
                }
            }
        }

        private static boolean isLive(int at, int oldest) {
            return at != 0 && at >= oldest;
        }
    }
}
