package org.signupmailer.intake;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.delivery.NewestEvents;
import org.signupmailer.delivery.Origin;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.Relays;
import org.signupmailer.retry.RetryTopics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the records that the reading loop reads and sees each through to its end: at once, or when it is due; many at a
 * time; again and again while no relay is there to be asked.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.events");
    private static final Duration LOOK_UP = Duration.ofMillis(200);
    private static final Duration SAME_ID = Duration.ofMillis(100);

    private final EventReader reader;
    private final RetryTopics retries;
    private final NewestEvents newest;
    private final Relays relays;
    private final Clock clock;
    private final int readAhead;
    private final RecipientLanes lanes;
    private final BiFunction<Delivery, Runnable, CompletableFuture<Boolean>> deliver;
    private final ScheduledExecutorService retryClock;

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<String> idsInFlight = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean nobodyThere = new AtomicBoolean();
    private final Set<Job> postponed = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * Begins nothing yet.
     *
     * @param deliver sends a delivery through the routes, says that it is through, and says whether it has ended, once that
     *     is certain
     */
    Dispatcher(SignupEventsComponent.Parts parts, BiFunction<Delivery, Runnable, CompletableFuture<Boolean>> deliver) {
        this.reader = parts.reader();
        this.retries = parts.retries();
        this.newest = parts.newest();
        this.relays = parts.relays();
        this.clock = parts.clock();
        this.readAhead = parts.settings().readAhead();
        this.lanes = new RecipientLanes(parts.settings().concurrency());
        this.deliver = deliver;
        this.retryClock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "retry-clock");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One record on its way. Thousands wait, so it is its own task. */
    private final class Job implements RecipientLanes.Task {

        private final Delivery delivery;
        private final String lane;
        private final PartitionProgress progress;
        private volatile @Nullable CompletableFuture<Boolean> postponed;

        private Job(Delivery delivery, String lane, PartitionProgress progress) {
            this.delivery = delivery;
            this.lane = lane;
            this.progress = progress;
        }

        @Override
        public void run(RecipientLanes.Turn turn) {
            Dispatcher.this.run(this, turn);
        }
    }

    void start() {
        lanes.start();
    }

    void pause(boolean pause) {
        lanes.pause(pause);
    }

    /** Events that are read and have not ended, but for those that wait for their time. */
    int open() {
        return open.get();
    }

    /** Events that wait here for their time. */
    int waiting() {
        return waiting.get();
    }

    /** Whether as many retries wait here as may; the others wait in Kafka. */
    boolean enoughRetries() {
        return waiting.get() >= readAhead;
    }

    void accept(ConsumerRecord<byte[], byte[]> record, boolean retried, PartitionProgress progress) {
        progress.read(record.offset());
        Job job = job(record, retried, progress);
        job.delivery.goesOn(lanes.onward());
        SignupEvent event = job.delivery.event();
        if (event != null) {
            newest.read(event, job.delivery.origin());
        }
        long wait = retried
                ? Duration.between(clock.instant(), retries.due(record.headers()))
                        .toMillis()
                : 0;
        if (wait <= 0) {
            open.incrementAndGet();
            lanes.submit(job.lane, job);
        } else {
            waiting.incrementAndGet();
            later(wait, () -> {
                waiting.decrementAndGet();
                open.incrementAndGet();
                lanes.submit(job.lane, job);
            });
        }
    }

    private Job job(ConsumerRecord<byte[], byte[]> record, boolean retried, PartitionProgress progress) {
        Delivery.Past past = retried ? retries.past(record) : Delivery.Past.none(record);
        Instant now = clock.instant();
        try {
            SignupEvent event = reader.read(record.headers(), record.value());
            return new Job(Delivery.of(record, event, now, past), event.recipientKey(), progress);
        } catch (InvalidEventException e) {
            // Nobody waits behind it: it has no recipient.
            String lane = "#" + Origin.of(record);
            return new Job(Delivery.of(record, e, now, past), lane, progress);
        }
    }

    private void run(Job job, RecipientLanes.Turn turn) {
        if (!job.progress.begin()) {
            forget(job);
            turn.over();
            return;
        }
        SignupEvent event = job.delivery.event();
        if (event != null && !idsInFlight.add(event.id())) {
            // Published twice, and the other one is on its way: wait until the ledger knows how that ended.
            job.progress.done();
            later(SAME_ID.toMillis(), () -> lanes.submit(job.lane, job));
            turn.over();
            return;
        }
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        CompletableFuture<?> unused = end.whenComplete((ended, failure) -> settle(job, ended, failure, turn));
        seeThrough(job, turn, end);
    }

    private void settle(Job job, @Nullable Boolean ended, @Nullable Throwable failure, RecipientLanes.Turn turn) {
        try {
            if (failure != null) {
                // An event gets its end, whatever happens; this is the last resort that lets the others go on.
                LOG.error("A mail's task failed unexpectedly; its event stays uncommitted", failure);
            } else if (Boolean.TRUE.equals(ended)) {
                job.progress.ended(job.delivery.record().offset());
            }
            job.delivery.settled();
        } catch (RuntimeException | Error e) {
            LOG.error("A mail's connection could not be handed on", e);
        } finally {
            letGo(job, turn);
        }
    }

    private void letGo(Job job, RecipientLanes.Turn turn) {
        try {
            SignupEvent event = job.delivery.event();
            if (event != null) {
                idsInFlight.remove(event.id());
            }
            job.progress.done();
            forget(job);
        } finally {
            turn.over();
        }
    }

    // Once through the routes, and again while no relay could be asked: one future for all that, since a day of passes
    // is
    // too many to be nested.
    private void seeThrough(Job job, RecipientLanes.Turn turn, CompletableFuture<Boolean> end) {
        try {
            if (!awaitRelay(job)) {
                end.complete(false);
                return;
            }
            CompletableFuture<?> unused = deliver.apply(job.delivery, () -> through(job, turn))
                    .whenComplete((ended, failure) -> {
                        Instant until = job.delivery.postponedUntil();
                        if (failure != null) {
                            end.completeExceptionally(failure);
                        } else if (ended || until == null) {
                            end.complete(ended);
                        } else {
                            onceMore(job, turn, end, until);
                        }
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.complete(false);
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
        }
    }

    // False if it is not to be sent here any more.
    private boolean awaitRelay(Job job) throws InterruptedException {
        while (!stopping && !job.progress.revoked()) {
            if (job.delivery.event() != null && !relays.awaitAvailable(LOOK_UP)) {
                if (nobodyThere.compareAndSet(false, true)) {
                    LOG.warn(
                            "No relay is available: {} events wait here, the others in Kafka, until a probe succeeds",
                            open());
                }
                continue;
            }
            if (nobodyThere.compareAndSet(true, false)) {
                LOG.info("A relay is available again: mail goes out");
            }
            return true;
        }
        return false;
    }

    private static void through(Job job, RecipientLanes.Turn turn) {
        if (job.delivery.postponedUntil() == null) {
            turn.through();
        }
    }

    private void onceMore(Job job, RecipientLanes.Turn turn, CompletableFuture<Boolean> end, Instant from) {
        job.postponed = end;
        postponed.add(job);
        long wait = Math.max(1, Duration.between(clock.instant(), from).toMillis());
        later(wait, () -> lanes.onward().execute(() -> {
            if (postponed.remove(job)) {
                seeThrough(job, turn, end);
            }
        }));
        if (stopping) {
            giveUp(job);
        }
    }

    private void giveUp(Job job) {
        CompletableFuture<Boolean> end = job.postponed;
        if (postponed.remove(job) && end != null) {
            end.complete(false);
        }
    }

    private void forget(Job job) {
        open.decrementAndGet();
        SignupEvent event = job.delivery.event();
        if (event != null) {
            newest.ended(event);
        }
    }

    private void later(long millis, Runnable task) {
        try {
            Future<?> unused = retryClock.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The process is stopping: the record stays uncommitted and is read again.
            stopping = true;
        }
    }

    /**
     * Begins nothing more and waits for what is in flight.
     *
     * @return whether all of it ended in time
     */
    boolean stop(long timeout, TimeUnit unit) throws InterruptedException {
        stopping = true;
        retryClock.shutdownNow();
        // Nobody calls them any more.
        postponed.forEach(this::giveUp);
        return lanes.stop(timeout, unit);
    }
}
