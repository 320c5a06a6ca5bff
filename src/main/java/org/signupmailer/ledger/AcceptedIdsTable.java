package org.signupmailer.ledger;

import java.util.Arrays;

/**
 * A hash table in pages. One that is full forgets what is old, and is divided in two if that is not enough; two that are
 * nearly empty become one. A table in one piece would be copied into a larger one each time, and the copies pile up where
 * Java's collector looks last: over a million ids that was more than all else that the process had. Thread-safe.
 *
 * <p>Source: extendible hashing, Fagin et al., ACM TODS 4 (1979).
 */
final class AcceptedIdsTable {

    // Smaller ones are read slower: each has a line of memory of its own that must be seen first. Larger ones take
    // longer to divide.
    private static final int LARGEST_PAGE = 2048;
    /** Bits of the hash that may tell pages apart. */
    private static final int INDEX_BITS = Integer.SIZE - 1;

    private final int keepDays;
    private final int pageSize;
    /** What a page has while its ids are given new places. */
    private final Page moved;

    // All that follows is guarded by this object's lock.
    /** The page of each beginning of a hash, of so many bits that all pages are told apart. Several may have the same. */
    private Page[] pages;

    private int indexBits;
    private int size;

    /**
     * @param phase from 0 to 1: tables of different ones divide their pages at different numbers of ids
     * @param keepDays an id is no longer known when the latest day is more than so many after it
     */
    AcceptedIdsTable(float phase, int keepDays) {
        this.keepDays = keepDays;
        this.pageSize = (int) (LARGEST_PAGE / Math.pow(2, phase));
        this.moved = new Page(pageSize, 0);
        this.pages = new Page[] {new Page(pageSize, 0)};
    }

    /**
     * An id that is there already keeps the later of both days.
     *
     * @param hash the first bits of its hash, not 0; the highest ones tell pages apart
     * @param more more bits of its hash
     * @param day when it was accepted, in days from 1970; not after the latest
     * @param latest the last day on which any can have been accepted
     */
    synchronized void add(long hash, byte more, int day, int latest) {
        int added = page(hash).put(hash, more, day, latest);
        while (added < 0) {
            makeRoom(page(hash), hash, latest);
            added = page(hash).put(hash, more, day, latest);
        }
        size += added;
    }

    synchronized boolean contains(long hash, byte more, int latest) {
        return page(hash).has(hash, more, latest, keepDays);
    }

    synchronized int size() {
        return size;
    }

    synchronized long bytes() {
        return Arrays.stream(pages).distinct().count() * pageSize * Page.BYTES_OF_PLACE
                + (long) pages.length * Integer.BYTES;
    }

    private Page page(long hash) {
        return pages[(int) (hash >>> (Long.SIZE - INDEX_BITS)) >>> (INDEX_BITS - indexBits)];
    }

    private void makeRoom(Page page, long hash, int latest) {
        int index = (int) (hash >>> (Long.SIZE - INDEX_BITS));
        size -= page.forget(latest, keepDays, moved);
        if (page.size() > pageSize / 2) {
            divide(page, index);
        } else {
            unite(page, index, latest);
        }
    }

    private void divide(Page page, int index) {
        if (page.bits() == indexBits) {
            Page[] twice = new Page[2 * pages.length];
            for (int i = 0; i < twice.length; i++) {
                twice[i] = pages[i / 2];
            }
            pages = twice;
            indexBits++;
        }
        Page upper = new Page(pageSize, page.bits() + 1);
        page.divide(upper, moved);
        // The beginning that all ids of the upper one have.
        setAll((index >>> (INDEX_BITS - upper.bits())) | 1, upper.bits(), upper);
    }

    private void unite(Page page, int index, int latest) {
        while (page.bits() > 0 && page.size() <= pageSize / 4) {
            int bits = page.bits();
            int beginning = index >>> (INDEX_BITS - bits);
            Page other = pages[(beginning ^ 1) << (indexBits - bits)];
            if (other.bits() != bits) {
                return;
            }
            size -= other.forget(latest, keepDays, moved);
            if (page.size() + other.size() > pageSize / 2) {
                return;
            }
            page.unite(other);
            setAll(beginning >>> 1, bits - 1, page);
        }
    }

    private void setAll(int beginning, int bits, Page page) {
        int more = indexBits - bits;
        Arrays.fill(pages, beginning << more, (beginning + 1) << more, page);
    }

    /**
     * Open addressing: the next place is tried where one is taken. Nearly always the first bits of a hash tell what is to be
     * known, in one line of memory: it was not read lately, and each one more costs more than all else that is done here.
     */
    private static final class Page {

        static final int BYTES_OF_PLACE = Long.BYTES + Short.BYTES;
        /** In days: at most so far may the clock be set back without making any id old. */
        private static final int CLOCK_SET_BACK = 31;

        /** The first bits of the hash in each place; 0 where it is free. */
        private final long[] hashes;
        /** In the same place eight more of its bits, and the last eight of its day's number. */
        private final short[] rest;

        private final int most;
        private int bits;
        private int size;

        /** @param bits how many bits all its ids begin with */
        Page(int places, int bits) {
            this.hashes = new long[places];
            this.rest = new short[places];
            // An eighth stays free: the fewer places are, the more are tried.
            this.most = places - places / 8;
            this.bits = bits;
        }

        int bits() {
            return bits;
        }

        int size() {
            return size;
        }

        /** Whether it is here and not old. What is old stands here until its place is needed. */
        boolean has(long hash, byte more, int latest, int keepDays) {
            int place = place(hash, more);
            return hashes[place] != 0 && age(rest[place], latest) <= keepDays;
        }

        /** Returns 1 for a new id, 0 for a known one, and -1 if there is no room for a new one. */
        int put(long hash, byte more, int day, int latest) {
            int place = place(hash, more);
            if (hashes[place] != 0) {
                if (latest - day < age(rest[place], latest)) {
                    rest[place] = rest(more, day);
                }
                return 0;
            }
            return put(place, hash, rest(more, day)) ? 1 : -1;
        }

        private boolean put(int place, long hash, short rest) {
            if (size == most) {
                return false;
            }
            size++;
            hashes[place] = hash;
            this.rest[place] = rest;
            return true;
        }

        /** Returns how many were forgotten. */
        int forget(int latest, int keepDays, Page moved) {
            int before = size;
            moveTo(moved);
            for (int i = 0; i < moved.hashes.length; i++) {
                if (age(moved.rest[i], latest) <= keepDays) {
                    take(moved, i);
                }
            }
            return before - size;
        }

        /** Gives those whose next bit is set to another page, which is empty. */
        void divide(Page upper, Page moved) {
            moveTo(moved);
            bits++;
            for (int i = 0; i < moved.hashes.length; i++) {
                boolean isUpper = (moved.hashes[i] << (bits - 1)) < 0;
                (isUpper ? upper : this).take(moved, i);
            }
        }

        /** Takes all that another page of as many bits has. */
        void unite(Page other) {
            bits--;
            for (int i = 0; i < other.hashes.length; i++) {
                take(other, i);
            }
        }

        private void moveTo(Page moved) {
            System.arraycopy(hashes, 0, moved.hashes, 0, hashes.length);
            System.arraycopy(rest, 0, moved.rest, 0, rest.length);
            Arrays.fill(hashes, 0);
            size = 0;
        }

        private void take(Page from, int at) {
            long hash = from.hashes[at];
            if (hash != 0) {
                put(place(hash, more(from.rest[at])), hash, from.rest[at]);
            }
        }

        private int place(long hash, byte more) {
            // The lower half of the hash as a part of the whole, which needs no power of two.
            int place = (int) (((hash & 0xFFFF_FFFFL) * hashes.length) >>> Integer.SIZE);
            while (hashes[place] != 0 && (hashes[place] != hash || more(rest[place]) != more)) {
                place = place + 1 == hashes.length ? 0 : place + 1;
            }
            return place;
        }

        private static short rest(byte more, int day) {
            return (short) ((more << Byte.SIZE) | (day & 0xFF));
        }

        private static byte more(short rest) {
            return (byte) (rest >> Byte.SIZE);
        }

        // In days, negative if the clock was set back since. Eight bits tell 256 days apart: an id of seven months ago
        // looks like one from before the clock was set back.
        private static int age(short rest, int latest) {
            return ((latest - rest + CLOCK_SET_BACK) & 0xFF) - CLOCK_SET_BACK;
        }
    }
}
