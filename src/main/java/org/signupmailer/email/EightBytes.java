package org.signupmailer.email;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at eight bytes of a text at once, since most of a mail is looked at only to see that nothing need be done. Each
 * answer has the highest bit of a byte set where it is yes, that of the first byte lowest.
 */
final class EightBytes {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHEST = 0x8080_8080_8080_8080L;
    private static final long OTHERS = 0x7F7F_7F7F_7F7F_7F7FL;
    private static final long TABS = 0x0909_0909_0909_0909L;
    private static final long LINE_FEEDS = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long RETURNS = 0x0D0D_0D0D_0D0D_0D0DL;
    private static final long EQUAL_SIGNS = 0x3D3D_3D3D_3D3D_3D3DL;

    // Added to the lower seven bits of a byte they reach its highest one from a blank on, and from 127 on.
    private static final long BLANK_ON = 0x6060_6060_6060_6060L;
    private static final long DELETE_ON = 0x0101_0101_0101_0101L;

    private EightBytes() {}

    static long at(byte[] text, int from) {
        return (long) EIGHT.get(text, from);
    }

    static long lineEnds(long eight) {
        return same(eight, LINE_FEEDS) | same(eight, RETURNS);
    }

    static long equalSigns(long eight) {
        return same(eight, EQUAL_SIGNS);
    }

    /** Neither printable ASCII nor a tab; line ends are among them. */
    static long unprintable(long eight) {
        long others = eight & OTHERS;
        long control = ~(others + BLANK_ON);
        long above = others + DELETE_ON;
        return (eight | control | above) & HIGHEST & ~same(eight, TABS);
    }

    /** The answer for the bytes before the first yes of another one. */
    static long before(long first, long answer) {
        return answer & (Long.lowestOneBit(first) - 1);
    }

    /** At which byte the first yes is; 8 if there is none. */
    static int first(long answer) {
        return Long.numberOfTrailingZeros(answer) / Byte.SIZE;
    }

    // Adding reaches the highest bit from every other byte but 0, which is what the one looked for has become.
    private static long same(long eight, long each) {
        long zero = eight ^ each;
        return ~(((zero & OTHERS) + OTHERS) | zero | OTHERS);
    }
}
