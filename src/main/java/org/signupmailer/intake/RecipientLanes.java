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
 * holds up nobody else.
 */
final class RecipientLanes {

    private static final Logger LOG = LoggerFactory.getLogger(RecipientLanes.class);
    private static final Lane STOP = new Lane("");

    private final Map<String, Lane> lanes = new HashMap<>();
    private final BlockingQueue<Lane> ready = new LinkedBlockingQueue<>();
    private final List<Thread> workers = new ArrayList<>();
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

    void submit(String recipient, Runnable task) {
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

    private void run(Lane lane) {
        Runnable task;
        synchronized (lanes) {
            while (paused && !stopped) {
                awaitChange();
            }
            task = lane.tasks.poll();
        }
        try {
            if (task != null) {
                task.run();
            }
        } catch (RuntimeException | Error e) {
            // A task ends its event itself, whatever happens; this is the last resort that keeps the worker alive.
            LOG.error("A mail's task failed unexpectedly; its event stays uncommitted", e);
        } finally {
            // It was meant for the task, not for the next one.
            Thread.interrupted();
            synchronized (lanes) {
                if (lane.tasks.isEmpty()) {
                    lanes.remove(lane.recipient);
                } else {
                    ready.add(lane);
                }
            }
        }
    }

    private static final class Lane {
        private final String recipient;
        // Most have one; thousands wait.
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(1);

        private Lane(String recipient) {
            this.recipient = recipient;
        }
    }
}
