package org.signupmailer.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.Onward;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that work at mails. While what they do is quick, as few are at work as there are cores, since waking one more
 * costs more than the next mail does. One that is at the same task for longer than a moment, because a step of a route
 * waits for something, is not counted, so that in the end as many wait as are allowed and no mail is held up by another.
 */
final class MailThreads implements Onward {

    private static final Logger LOG = LoggerFactory.getLogger(MailThreads.class);
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(5);
    /** The longest time between two looks of the clock's, while others look. */
    private static final long LONGEST_REST = 10 * MOMENT;
    /** So many tasks within a moment, and who brings them can be left to look. */
    private static final int MANY = 2;
    /** So many looks in a row at which nothing waits, and the clock sleeps. */
    private static final int PATIENCE = 20;

    private final int quick = Runtime.getRuntime().availableProcessors();
    private final int most;
    private final Thread clock = new Thread(this::lookAfterThem, "mail-clock");

    // All that follows is guarded by this object's lock.
    private final Deque<Runnable> begun = new ArrayDeque<>();
    private final Deque<Runnable> beginnings = new ArrayDeque<>();
    // The one that fell asleep last is woken first, so that those that are not needed are not woken.
    private final Deque<Worker> asleep = new ArrayDeque<>();
    private final List<Worker> all = new ArrayList<>();
    private int atWork;
    private int slow;
    private long looked = System.nanoTime();
    private int addedSinceRest;
    private boolean clockSleeps;
    private volatile boolean closed;

    MailThreads(int most) {
        this.most = most;
        clock.setDaemon(true);
    }

    void start() {
        clock.start();
    }

    /** Begins something, once all that is begun has been gone on with. */
    void begin(Runnable task) {
        add(beginnings, task);
    }

    /** Goes on with something that was begun: what holds a place at a relay is not to wait for what holds none. */
    @Override
    public void execute(Runnable task) {
        add(begun, task);
    }

    private void add(Deque<Runnable> tasks, Runnable task) {
        Worker woken;
        boolean clockWoken = false;
        synchronized (this) {
            tasks.addLast(task);
            addedSinceRest++;
            if (System.nanoTime() - looked >= MOMENT) {
                countSlow();
            }
            if (closed && asleep.isEmpty() && atWork == 0) {
                woken = new Worker();
                atWork++;
            } else {
                woken = oneMore();
            }
            if (woken == null && clockSleeps) {
                clockSleeps = false;
                clockWoken = true;
            }
        }
        if (woken != null) {
            woken.wake();
        } else if (clockWoken) {
            LockSupport.unpark(clock);
        }
    }

    // Null if enough are at work. Each of them takes one more in a moment: to wake another for it costs more.
    private @Nullable Worker oneMore() {
        if (begun.size() + beginnings.size() <= atWork - slow) {
            return null;
        }
        // What is begun may be what others wait for in the middle of a step, so it gets threads beyond those.
        if (atWork - slow >= quick || atWork >= (begun.isEmpty() ? most : 2 * most)) {
            return null;
        }
        Worker worker = asleep.pollLast();
        if (worker == null) {
            worker = new Worker();
            all.add(worker);
        }
        atWork++;
        return worker;
    }

    private synchronized @Nullable Runnable next(Worker worker) {
        Runnable task = begun.isEmpty() ? beginnings.pollFirst() : begun.pollFirst();
        if (task == null) {
            atWork--;
            worker.awake = false;
            if (closed) {
                worker.ended = true;
                all.remove(worker);
            } else {
                asleep.addLast(worker);
            }
        }
        return task;
    }

    private void lookAfterThem() {
        int quiet = 0;
        long rest = MOMENT;
        while (!(closed && isIdle())) {
            LockSupport.parkNanos(this, rest);
            Thread.interrupted();
            rest = restAfter(rest);
            quiet = wakeWhoIsNeeded() ? 0 : quiet + 1;
            if (quiet > PATIENCE && fallsAsleep()) {
                quiet = 0;
                awaitWork();
            }
        }
    }

    private synchronized boolean isIdle() {
        return atWork == 0 && begun.isEmpty() && beginnings.isEmpty();
    }

    // Who brings a task looks as well, and to be woken costs each process more than that where four share two cores.
    private synchronized long restAfter(long rest) {
        boolean busy = addedSinceRest >= MANY * (rest / MOMENT);
        addedSinceRest = 0;
        return busy ? Math.min(2 * rest, LONGEST_REST) : MOMENT;
    }

    private void countSlow() {
        looked = System.nanoTime();
        slow = 0;
        for (Worker worker : all) {
            slow += worker.isSlow(looked) ? 1 : 0;
        }
    }

    // Whether there is anything to look after.
    private boolean wakeWhoIsNeeded() {
        List<Worker> woken = new ArrayList<>();
        int waiting;
        boolean anySlow;
        synchronized (this) {
            countSlow();
            anySlow = slow > 0;
            waiting = begun.size() + beginnings.size();
            for (int i = waiting; i > 0; i--) {
                Worker worker = oneMore();
                if (worker == null) {
                    break;
                }
                woken.add(worker);
            }
        }
        woken.forEach(Worker::wake);
        return waiting > 0 || anySlow;
    }

    private synchronized boolean fallsAsleep() {
        clockSleeps = begun.isEmpty() && beginnings.isEmpty();
        return clockSleeps;
    }

    private void awaitWork() {
        while (true) {
            synchronized (this) {
                if (!clockSleeps || closed) {
                    return;
                }
            }
            LockSupport.park(this);
            Thread.interrupted();
        }
    }

    @Override
    public boolean isCalledOff() {
        return closed;
    }

    /** Wakes those that wait for something in the middle of a task, and ends. Who comes all the same is served. */
    void callOff() {
        List<Worker> working;
        List<Worker> idle;
        synchronized (this) {
            closed = true;
            working = new ArrayList<>(all);
            idle = new ArrayList<>(asleep);
            asleep.clear();
            atWork += idle.size();
        }
        working.forEach(worker -> worker.thread.interrupt());
        // They look for a task, find none and end.
        idle.forEach(Worker::wake);
        LockSupport.unpark(clock);
    }

    private final class Worker implements Runnable {

        private final Thread thread;
        private volatile boolean awake = true;
        private volatile boolean ended;
        private volatile long since;
        private boolean started;

        private Worker() {
            thread = new Thread(this, "mail-" + (all.size() + 1));
            thread.setDaemon(true);
        }

        // By one thread at a time: the one that counted it as being at work.
        private void wake() {
            if (started) {
                awake = true;
                LockSupport.unpark(thread);
            } else {
                start();
            }
        }

        private void start() {
            started = true;
            try {
                thread.start();
            } catch (Error e) {
                // No memory for a thread: the others do its work, and the clock tries again.
                LOG.error("A thread for mails could not be started", e);
                synchronized (MailThreads.this) {
                    atWork--;
                    all.remove(this);
                    clockSleeps = false;
                }
                LockSupport.unpark(clock);
            }
        }

        private boolean isSlow(long now) {
            long begun = since;
            return begun != 0 && now - begun >= MOMENT;
        }

        @Override
        public void run() {
            while (!ended) {
                Runnable task = next(this);
                if (task == null) {
                    sleep();
                } else {
                    since = System.nanoTime();
                    run(task);
                    since = 0;
                }
            }
        }

        private void sleep() {
            while (!awake && !ended) {
                LockSupport.park(MailThreads.this);
                Thread.interrupted();
            }
        }

        private void run(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                // A task ends its event itself, whatever happens; this is the last resort that keeps the thread alive.
                LOG.error("A mail's task failed unexpectedly; its event stays uncommitted", e);
            } finally {
                // It was meant for the task, not for the next one.
                Thread.interrupted();
            }
        }
    }
}
