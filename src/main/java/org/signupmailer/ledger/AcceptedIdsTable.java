package org.signupmailer.ledger;

import java.util.Arrays;
import java.util.function.IntSupplier;

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

    private final IntSupplier oldest;
    private final int pageSize;
    /** What a page has while its ids are given new places. */
    private final long[] moved;

    // All that follows is guarded by this object's lock.
    /** The page of each beginning of a hash, of so many bits that all pages are told apart. Several may have the same. */
    private Page[] pages;

    private int indexBits;
    private int size;

    /**
     * @param phase from 0 to 1: tables of different ones divide their pages at different numbers of ids
     * @param oldest the hour, counted from 1970, before which an id may be forgotten
     */
    AcceptedIdsTable(float phase, IntSupplier oldest) {
        this.oldest = oldest;
        this.pageSize = (int) (LARGEST_PAGE / Math.pow(2, phase));
        this.moved = new long[2 * pageSize];
        this.pages = new Page[] {new Page(pageSize, 0)};
    }

    /**
     * An id that is there already keeps the later of both hours.
     *
     * @param first its hash's bits that pages are told apart by, the highest first
     * @param second more bits of its hash
     * @param hour when it was accepted, in hours from 1970; not 0
     */
    synchronized void add(long first, int second, int hour) {
        int more = page(first).put(first, second, hour);
        while (more < 0) {
            makeRoom(page(first), first);
            more = page(first).put(first, second, hour);
        }
        size += more;
    }

    synchronized boolean contains(long first, int second) {
        return page(first).has(first, second);
    }

    synchronized int size() {
        return size;
    }

    synchronized long bytes() {
        return Arrays.stream(pages).distinct().count() * pageSize * Page.BYTES_OF_PLACE
                + (long) pages.length * Integer.BYTES;
    }

    private Page page(long first) {
        return pages[(int) (first >>> (Long.SIZE - INDEX_BITS)) >>> (INDEX_BITS - indexBits)];
    }

    private void makeRoom(Page page, long first) {
        int index = (int) (first >>> (Long.SIZE - INDEX_BITS));
        int hour = oldest.getAsInt();
        size -= page.forget(hour, moved);
        if (page.size() > pageSize / 2) {
            divide(page, index);
        } else {
            unite(page, index, hour);
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

    private void unite(Page page, int index, int hour) {
        while (page.bits() > 0 && page.size() <= pageSize / 4) {
            int bits = page.bits();
            int beginning = index >>> (INDEX_BITS - bits);
            Page other = pages[(beginning ^ 1) << (indexBits - bits)];
            if (other.bits() != bits) {
                return;
            }
            size -= other.forget(hour, moved);
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
     * Open addressing: the next place is tried where one is taken. A place is two longs next to each other, since each id
     * is looked for where nothing was read lately: the first 64 bits of the hash, then its next 32 and the hour.
     */
    private static final class Page {

        static final int BYTES_OF_PLACE = 2 * Long.BYTES;

        private final long[] places;
        private final int most;
        private int bits;
        private int size;

        /** @param bits how many bits all its ids begin with */
        Page(int places, int bits) {
            this.places = new long[2 * places];
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

        boolean has(long first, int second) {
            return places[place(first, second) + 1] != 0;
        }

        /** Returns 1 for a new id, 0 for a known one, and -1 if there is no room for a new one. */
        int put(long first, int second, int hour) {
            int place = place(first, second);
            long known = places[place + 1];
            if (known != 0) {
                places[place + 1] = (long) second << Integer.SIZE | Math.max((int) known, hour);
                return 0;
            }
            if (size == most) {
                return -1;
            }
            size++;
            places[place] = first;
            places[place + 1] = (long) second << Integer.SIZE | hour;
            return 1;
        }

        /** Returns how many were forgotten. */
        int forget(int oldest, long[] moved) {
            int before = size;
            empty(moved);
            for (int i = 0; i < moved.length; i += 2) {
                if ((int) moved[i + 1] >= oldest) {
                    take(moved, i);
                }
            }
            return before - size;
        }

        /** Gives those whose next bit is set to another page, which is empty. */
        void divide(Page upper, long[] moved) {
            empty(moved);
            bits++;
            for (int i = 0; i < moved.length; i += 2) {
                boolean isUpper = (moved[i] << (bits - 1)) < 0;
                (isUpper ? upper : this).take(moved, i);
            }
        }

        /** Takes all that another page of as many bits has. */
        void unite(Page other) {
            bits--;
            for (int i = 0; i < other.places.length; i += 2) {
                take(other.places, i);
            }
        }

        private void empty(long[] moved) {
            System.arraycopy(places, 0, moved, 0, places.length);
            Arrays.fill(places, 0);
            size = 0;
        }

        private void take(long[] from, int at) {
            if (from[at + 1] != 0) {
                put(from[at], (int) (from[at + 1] >>> Integer.SIZE), (int) from[at + 1]);
            }
        }

        private int place(long first, int second) {
            // The lower half of the hash as a part of the whole, which needs no power of two.
            int place = 2 * (int) (((first & 0xFFFF_FFFFL) * (places.length / 2)) >>> Integer.SIZE);
            while (places[place + 1] != 0
                    && (places[place] != first || (int) (places[place + 1] >>> Integer.SIZE) != second)) {
                place = place + 2 == places.length ? 0 : place + 2;
            }
            return place;
        }
    }
}
