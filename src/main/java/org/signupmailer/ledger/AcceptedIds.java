package org.signupmailer.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;

/**
 * The ids of accepted events, 20 bytes each whatever their length, forgotten when they are older than the ledger keeps
 * them. Ids are told apart by 128 bits of their SHA-256. Thread-safe.
 */
final class AcceptedIds {

    private static final int SMALLEST = 1 << 12;
    private static final double FULL = 0.6;

    private final long keepHours;
    private long[] high = new long[SMALLEST];
    private long[] low = new long[SMALLEST];
    // Hours since 1970, and so never 0: 0 marks a free place.
    private int[] hour = new int[SMALLEST];
    private int size;

    AcceptedIds(Duration keep) {
        this.keepHours = keep.toHours();
    }

    void add(String id, Instant acceptedAt) {
        long[] hash = hash(id);
        synchronized (this) {
            if (size >= hour.length * FULL) {
                rebuild(hour(acceptedAt));
            }
            put(hash[0], hash[1], hour(acceptedAt));
        }
    }

    boolean contains(String id) {
        long[] hash = hash(id);
        synchronized (this) {
            return hour[place(hash[0], hash[1])] != 0;
        }
    }

    synchronized int size() {
        return size;
    }

    private void put(long first, long second, int at) {
        int place = place(first, second);
        if (hour[place] == 0) {
            size++;
            high[place] = first;
            low[place] = second;
        }
        hour[place] = Math.max(hour[place], at);
    }

    private int place(long first, long second) {
        int mask = hour.length - 1;
        int place = (int) first & mask;
        while (hour[place] != 0 && (high[place] != first || low[place] != second)) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void rebuild(int now) {
        long[] oldHigh = high;
        long[] oldLow = low;
        int[] oldHour = hour;
        int live = 0;
        for (int at : oldHour) {
            live += isLive(at, now) ? 1 : 0;
        }
        int capacity = SMALLEST;
        while (live >= capacity * FULL / 2) {
            capacity *= 2;
        }
        high = new long[capacity];
        low = new long[capacity];
        hour = new int[capacity];
        size = 0;
        for (int i = 0; i < oldHour.length; i++) {
            if (isLive(oldHour[i], now)) {
                put(oldHigh[i], oldLow[i], oldHour[i]);
            }
        }
    }

    private boolean isLive(int at, int now) {
        return at != 0 && now - at <= keepHours;
    }

    private static int hour(Instant time) {
        return Math.max(1, (int) (time.getEpochSecond() / 3600));
    }

    private static long[] hash(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            ByteBuffer buffer = ByteBuffer.wrap(digest);
            return new long[] {buffer.getLong(), buffer.getLong()};
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java always has SHA-256", e);
        }
    }
}
