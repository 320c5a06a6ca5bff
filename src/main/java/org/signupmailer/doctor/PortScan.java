package org.signupmailer.doctor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.SmtpSteps;

/**
 * Connects to all candidate ports of a relay at once, so that a dark port costs the connect time-out once and not each.
 * Every address of the name is tried for every port.
 */
final class PortScan {

    private static final int MOST_ADDRESSES = 4;

    private final List<InetAddress> addresses;
    private final Duration patience;

    PortScan(List<InetAddress> addresses, Duration patience) {
        this.addresses = addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size()));
        this.patience = patience;
    }

    /**
     * Where one might connect to.
     *
     * @param used whether signup-mailer tries it with these settings
     */
    record Candidate(PortChoice choice, boolean used) {}

    /** In the order of the candidates; the caller closes the sockets. */
    List<PortState> scan(List<Candidate> candidates) {
        List<CompletableFuture<PortState>> all = new ArrayList<>();
        for (Candidate candidate : candidates) {
            List<CompletableFuture<PortState>> tries = addresses.stream()
                    .map(address -> connecting(candidate, address))
                    .toList();
            all.add(best(tries));
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<PortState> connecting(Candidate candidate, InetAddress address) {
        int port = candidate.choice().port();
        Executor ownThread = task -> {
            Thread thread = new Thread(task, "doctor-connect-" + address.getHostAddress() + "-" + port);
            thread.setDaemon(true);
            thread.start();
        };
        return CompletableFuture.supplyAsync(() -> connect(candidate, address), ownThread);
    }

    /** The first that is open; without one, what tells most. */
    private static CompletableFuture<PortState> best(List<CompletableFuture<PortState>> tries) {
        CompletableFuture<PortState> best = new CompletableFuture<>();
        for (CompletableFuture<PortState> one : tries) {
            CompletableFuture<Void> unused = one.thenAccept(state -> {
                if (state.open() && !best.complete(state) && !best.join().equals(state)) {
                    close(state.socket());
                }
            });
        }
        CompletableFuture<Void> unused = CompletableFuture.allOf(tries.toArray(new CompletableFuture<?>[0]))
                .thenRun(() -> tries.stream()
                        .map(CompletableFuture::join)
                        .min((a, b) -> a.kind().compareTo(b.kind()))
                        .ifPresent(best::complete));
        return best;
    }

    private PortState connect(Candidate candidate, InetAddress address) {
        long start = System.nanoTime();
        Socket socket = null;
        try {
            socket = SmtpSteps.socket();
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address, candidate.choice().port()), (int)
                    Math.min(patience.toMillis(), Integer.MAX_VALUE));
            return state(candidate, PortState.Kind.OPEN, socket, start, "");
        } catch (SocketTimeoutException e) {
            close(socket);
            return state(candidate, PortState.Kind.SILENT, null, start, "");
        } catch (ConnectException e) {
            close(socket);
            String words = String.valueOf(e.getMessage());
            boolean refused = words.contains("refused");
            return state(
                    candidate,
                    refused
                            ? PortState.Kind.REFUSED
                            : words.contains("timed out") ? PortState.Kind.SILENT : PortState.Kind.UNREACHABLE,
                    null,
                    start,
                    refused ? "" : words);
        } catch (IOException e) {
            close(socket);
            return state(candidate, PortState.Kind.UNREACHABLE, null, start, String.valueOf(e.getMessage()));
        }
    }

    private static PortState state(
            Candidate candidate, PortState.Kind kind, @Nullable Socket socket, long start, String problem) {
        return new PortState(
                candidate.choice(),
                candidate.used(),
                kind,
                socket,
                Duration.ofNanos(System.nanoTime() - start),
                problem);
    }

    /** Closes what may be open. */
    static void close(@Nullable Socket socket) {
        if (socket == null) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody uses it any more.
            return;
        }
    }
}
