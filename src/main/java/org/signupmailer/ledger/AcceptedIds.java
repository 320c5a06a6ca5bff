package org.signupmailer.ledger;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.signupmailer.event.IdHash;

/**
 * The ids of accepted events, 16 bytes each whatever their length, forgotten when they are older than the ledger keeps
 * them. Ids are told apart by 96 bits of their SHA-256. In many small tables, since one that is full is copied into a
 * larger one. Thread-safe.
 */
final class AcceptedIds {

    private static final int TABLES_BITS = 6;
    private static final int SMALLEST = 1 << 6;
    private static final double FULL = 0.75;
    // Copied more often than by doubling, but never half empty: there may be millions of ids.
    private static final double GROWTH = 1.25;

    private final int keepHours;
    private final Table[] tables = new Table[1 << TABLES_BITS];

    AcceptedIds(Duration keep) {
        this.keepHours = (int) keep.toHours();
        for (int i = 0; i < tables.length; i++) {
            tables[i] = new Table();
        }
    }

    void add(String id, Instant acceptedAt) {
        ByteBuffer hash = ByteBuffer.wrap(IdHash.of(id));
        long high = hash.getLong();
        table(high).add(high, hash.getInt(), hour(acceptedAt), keepHours);
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

    private static int hour(Instant time) {
        return Math.max(1, (int) (time.getEpochSecond() / 3600));
    }

    /** Open addressing: the next place is tried where one is taken. */
    private static final class Table {

        private long[] high = new long[SMALLEST];
        private int[] low = new int[SMALLEST];
        // Hours since 1970, and so never 0: 0 marks a free place.
        private int[] hour = new int[SMALLEST];
        private int size;

        synchronized void add(long first, int second, int at, int keepHours) {
            if (size >= hour.length * FULL) {
                rebuild(at - keepHours);
            }
            put(first, second, at);
        }

        synchronized boolean contains(long first, int second) {
            return hour[place(first, second)] != 0;
        }

        synchronized int size() {
            return size;
        }

        private void put(long first, int second, int at) {
            int place = place(first, second);
            if (hour[place] == 0) {
                size++;
                high[place] = first;
                low[place] = second;
            }
            hour[place] = Math.max(hour[place], at);
        }

        private int place(long first, int second) {
            // The lower half of the hash as a part of the whole, which needs no power of two.
            int place = (int) (((first & 0xFFFF_FFFFL) * hour.length) >>> Integer.SIZE);
            while (hour[place] != 0 && (high[place] != first || low[place] != second)) {
                place = place + 1 == hour.length ? 0 : place + 1;
            }
            return place;
        }

        private void rebuild(int oldest) {
            long[] oldHigh = high;
            int[] oldLow = low;
            int[] oldHour = hour;
            int live = 0;
            for (int at : oldHour) {
                live += isLive(at, oldest) ? 1 : 0;
            }
            int capacity = Math.max(SMALLEST, (int) Math.ceil(live / FULL * GROWTH));
            high = new long[capacity];
            low = new int[capacity];
            hour = new int[capacity];
            size = 0;
            for (int i = 0; i < oldHour.length; i++) {
                if (isLive(oldHour[i], oldest)) {
                    put(oldHigh[i], oldLow[i], oldHour[i]);
                }
            }
        }

        private static boolean isLive(int at, int oldest) {
            return at != 0 && at >= oldest;
        }
    }
}
