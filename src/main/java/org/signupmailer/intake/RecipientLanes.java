package org.signupmailer.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.Onward;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs many tasks at once, those of one recipient one after another in their order. A recipient whose mail is slow
 * holds up nobody else. A task may be over later than its thread is done with it.
 */
final class RecipientLanes {

    private static final Logger LOG = LoggerFactory.getLogger(RecipientLanes.class);

    private final int concurrency;
    private final MailThreads threads;
    // All that follows is guarded by the lock of "lanes".
    private final Map<String, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private int running;
    private int open;
    private boolean paused;
    private boolean stopped;

    /** @param concurrency how many tasks may be begun and not {@linkplain Turn#through through} */
    RecipientLanes(int concurrency) {
        this.concurrency = concurrency;
        this.threads = new MailThreads(concurrency);
    }

    void start() {
        threads.start();
    }

    /** Something to be done for one recipient. */
    interface Task {

        /** Does it, or begins it. One that throws is over by that. */
        void run(Turn turn);
    }

    /** What a task says of itself, by any thread, now or later. */
    interface Turn {

        /** It waits for nothing any more but that its end is recorded: another recipient's task may begin. */
        void through();

        /** It is over: the recipient's next task may begin. */
        void over();
    }

    /** How tasks go on when something has come. */
    Onward onward() {
        return threads;
    }

    void submit(String recipient, Task task) {
        Begun turn;
        synchronized (lanes) {
            if (stopped) {
                return;
            }
            Lane lane = lanes.get(recipient);
            if (lane == null) {
                lane = new Lane(recipient);
                lanes.put(recipient, lane);
                ready.add(lane);
            }
            lane.tasks.add(task);
            turn = next();
        }
        begin(turn);
    }

    /** Paused, it begins no task; those that run go on. */
    void pause(boolean pause) {
        List<Begun> turns = new ArrayList<>();
        synchronized (lanes) {
            paused = pause;
            for (Begun turn = next(); turn != null; turn = next()) {
                turns.add(turn);
            }
        }
        turns.forEach(this::begin);
    }

    // The one that may begin now; null: none.
    private @Nullable Begun next() {
        if (paused || stopped || running >= concurrency) {
            return null;
        }
        Lane lane = ready.poll();
        Task task = lane == null ? null : lane.tasks.poll();
        if (lane == null || task == null) {
            return null;
        }
        running++;
        open++;
        return new Begun(lane, task);
    }

    private void begin(@Nullable Begun turn) {
        if (turn != null) {
            threads.begin(turn);
        }
    }

    /**
     * Begins no more tasks and waits for those that run.
     *
     * @return whether all of them ended in time
     */
    boolean stop(long timeout, TimeUnit unit) throws InterruptedException {
        synchronized (lanes) {
            stopped = true;
            lanes.values().forEach(lane -> lane.tasks.clear());
            ready.clear();
        }
        try {
            return awaitOver(System.nanoTime() + unit.toNanos(timeout));
        } finally {
            // Whoever still waits for Kafka to take the end of an event need not try again.
            threads.callOff();
        }
    }

    private boolean awaitOver(long deadline) throws InterruptedException {
        synchronized (lanes) {
            while (open > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                lanes.wait(left);
            }
            return true;
        }
    }

    private static final class Lane {
        private final String recipient;
        // Most have one; thousands wait.
        private final ArrayDeque<Task> tasks = new ArrayDeque<>(1);

        private Lane(String recipient) {
            this.recipient = recipient;
        }
    }

    /** One task of a lane; the next one begins when it is over. */
    private final class Begun implements Runnable, Turn {

        private final Lane lane;
        private final Task task;
        private boolean through;
        private boolean over;

        private Begun(Lane lane, Task task) {
            this.lane = lane;
            this.task = task;
        }

        @Override
        public void run() {
            try {
                task.run(this);
            } catch (RuntimeException | Error e) {
                // A task ends its event itself, whatever happens; this is the last resort.
                LOG.error("A mail's task failed unexpectedly; its event stays uncommitted", e);
                over();
            }
        }

        @Override
        public void through() {
            Begun following;
            synchronized (lanes) {
                if (through) {
                    return;
                }
                through = true;
                running--;
                following = next();
            }
            begin(following);
        }

        @Override
        public void over() {
            Begun following;
            synchronized (lanes) {
                if (over) {
                    return;
                }
                over = true;
                open--;
                if (lane.tasks.isEmpty()) {
                    lanes.remove(lane.recipient, lane);
                } else {
                    ready.add(lane);
                }
                if (stopped) {
                    lanes.notifyAll();
                }
                following = next();
            }
            begin(following);
            through();
        }
    }
}
