package org.signupmailer.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs many tasks at once, those of one recipient one after another in their order. A recipient whose mail is slow
 * holds up nobody else. A task may be over later than its thread is done with it.
 */
final class RecipientLanes {

    private static final Logger LOG = LoggerFactory.getLogger(RecipientLanes.class);
    private static final Lane STOP = new Lane("");

    private final Map<String, Lane> lanes = new HashMap<>();
    private final BlockingQueue<Lane> ready = new LinkedBlockingQueue<>();
    private final List<Thread> workers = new ArrayList<>();
    private int running;
    private boolean paused;
    private boolean stopped;

    RecipientLanes(int concurrency) {
        for (int i = 1; i <= concurrency; i++) {
            Thread worker = new Thread(this::work, "mail-" + i);
            worker.setDaemon(true);
            workers.add(worker);
        }
    }

    void start() {
        workers.forEach(Thread::start);
    }

    /** Something to be done for one recipient. */
    interface Task {

        /**
         * Does it. One that throws is over by that.
         *
         * @param over to be called by any thread: the recipient's next task may begin
         */
        void run(Runnable over);
    }

    void submit(String recipient, Task task) {
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
        }
    }

    /** Paused, it begins no task; those that run go on. */
    void pause(boolean pause) {
        synchronized (lanes) {
            paused = pause;
            lanes.notifyAll();
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
            lanes.notifyAll();
            lanes.values().forEach(lane -> lane.tasks.clear());
            ready.clear();
        }
        workers.forEach(worker -> ready.add(STOP));
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        boolean all = true;
        try {
            for (Thread worker : workers) {
                worker.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                all &= !worker.isAlive();
            }
            all &= awaitRunning(deadline);
        } finally {
            // Whoever still waits for Kafka to take the end of an event need not try again.
            workers.forEach(Thread::interrupt);
        }
        return all;
    }

    private void work() {
        for (Lane lane = take(); lane != STOP; lane = take()) {
            run(lane);
        }
    }

    // Only stop() ends a worker. A task may leave the thread interrupted; a worker that ended by that would take its
    // share of the throughput with it, and the recipient whose lane it holds.
    private Lane take() {
        while (true) {
            try {
                return ready.take();
            } catch (InterruptedException e) {
                LOG.debug("A worker was interrupted and goes on", e);
            }
        }
    }

    private void awaitChange() {
        try {
            lanes.wait();
        } catch (InterruptedException e) {
            LOG.debug("A worker was interrupted and goes on", e);
        }
    }

    private boolean awaitRunning(long deadline) throws InterruptedException {
        synchronized (lanes) {
            while (running > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                lanes.wait(left);
            }
            return true;
        }
    }

    private void run(Lane lane) {
        Task task;
        Turn turn = new Turn(lane);
        synchronized (lanes) {
            while (paused && !stopped) {
                awaitChange();
            }
            task = lane.tasks.poll();
            running++;
        }
        if (task == null) {
            turn.run();
            return;
        }
        try {
            task.run(turn);
        } catch (RuntimeException | Error e) {
            // A task ends its event itself, whatever happens; this is the last resort that keeps the worker alive.
            LOG.error("A mail's task failed unexpectedly; its event stays uncommitted", e);
            turn.run();
        } finally {
            // It was meant for the task, not for the next one.
            Thread.interrupted();
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
    private final class Turn implements Runnable {

        private final Lane lane;
        private boolean over;

        private Turn(Lane lane) {
            this.lane = lane;
        }

        @Override
        public void run() {
            synchronized (lanes) {
                if (over) {
                    return;
                }
                over = true;
                running--;
                if (lane.tasks.isEmpty()) {
                    lanes.remove(lane.recipient);
                } else {
                    ready.add(lane);
                }
                if (stopped) {
                    lanes.notifyAll();
                }
            }
        }
    }
}
