package org.signupmailer.topic;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Ctrl-C and SIGTERM as a question that long work asks now and then; the process ends when the work has. */
public final class Interruption implements BooleanSupplier, AutoCloseable {

    private static final long LONGEST_SECONDS = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "ctrl-c");
    private volatile boolean came;

    private Interruption() {}

    /** Begins to listen; {@link #close} ends it, and lets the process end. */
    public static Interruption watch() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void interrupted() {
        came = true;
        try {
            if (!done.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean getAsBoolean() {
        return came;
    }

    @Override
    public void close() {
        done.countDown();
        if (!came) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It came just now.
                came = true;
            }
        }
    }
}
