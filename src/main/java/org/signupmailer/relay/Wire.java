package org.signupmailer.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of a conversation, as they are or in TLS. It waits where its channel does. Not thread-safe. */
interface Wire {

    int AT_A_TIME = 64 * 1024;

    /**
     * Takes what has come.
     *
     * @return how many bytes; -1: the other side has closed it
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Sends words, as far as that goes now. To be called again with the same ones until all have left.
     *
     * @return whether all of them have left this machine
     */
    boolean write(ByteBuffer words) throws IOException;

    /** Whether something has come that is not in the channel any more. */
    boolean holdsSome();

    /** Says that nothing more will be written, if that can be said at once. The channel stays open. */
    void sayGoodbye() throws IOException;

    /** The bytes as they are. */
    static Wire plain(SocketChannel channel) {
        return new Wire() {
            @Override
            public int read(ByteBuffer into) throws IOException {
                return channel.read(into);
            }

            @Override
            public boolean write(ByteBuffer words) throws IOException {
                // Java copies what it is given before each try, however little of it the channel takes.
                int end = words.limit();
                boolean taken = true;
                while (taken && words.position() < end) {
                    words.limit(Math.min(end, words.position() + AT_A_TIME));
                    channel.write(words);
                    taken = !words.hasRemaining();
                    words.limit(end);
                }
                return taken;
            }

            @Override
            public boolean holdsSome() {
                return false;
            }

            @Override
            public void sayGoodbye() {
                // Closing says it.
            }
        };
    }
}
