package org.signupmailer.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.intake.ReadingBegan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Opens the management port when the first mails are out, in the background: web server, login, Hawtio and metrics are
 * half of what a start loads, and no mail needs them. Where there is nothing to read, it does not wait for that long.
 */
final class ManagementServer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");

    /** Without a broker operators want to see the more what is going on. */
    static final Duration AT_MOST = Duration.ofSeconds(3);

    /** The first mail takes this long, since all that it needs is loaded for it. */
    private static final Duration FIRST_MAILS = Duration.ofMillis(700);

    private static final Pattern SPRINGS_OWN =
            Pattern.compile("(server|management|spring\\.(mvc|web|security|jackson|http|servlet|ssl))\\.");

    private static final Set<String> OUR_OWN = Set.of(
            "server.port",
            "server.address",
            "management.port",
            "management.address",
            "management.user",
            "management.password");

    private final ConfigurableApplicationContext mails;
    private final UnaryOperator<ConfigurableApplicationContext> opener;
    private final CountDownLatch reading = new CountDownLatch(1);
    private @Nullable ConfigurableApplicationContext management;
    private boolean stopped;
    private volatile boolean running;

    /**
     * @param mails what health and metrics are about
     * @param opener opens the port for these mails; closing the context that it returns closes the port
     * @throws PortInUseException when somebody else listens at the port: now, and not when mails go out already
     */
    ManagementServer(
            ConfigurableApplicationContext mails,
            String address,
            int port,
            UnaryOperator<ConfigurableApplicationContext> opener) {
        this.mails = mails;
        this.opener = opener;
        requireFree(address, port);
    }

    private static void requireFree(String address, int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        } catch (IOException e) {
            PortInUseException.throwIfPortBindingException(e, () -> port);
            throw new UncheckedIOException(e);
        }
    }

    @EventListener
    void started(ApplicationStartedEvent event) {
        Thread thread = new Thread(this::openInTime, "management");
        thread.setDaemon(true);
        thread.start();
    }

    @EventListener
    void reading(ReadingBegan began) {
        reading.countDown();
    }

    private void openInTime() {
        try {
            if (reading.await(AT_MOST.toMillis(), TimeUnit.MILLISECONDS)) {
                TimeUnit.MILLISECONDS.sleep(FIRST_MAILS.toMillis());
            }
            open();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (running) {
                mails.publishEvent(new ManagementFailed(this, e));
            }
        }
    }

    /**
     * Whether somebody set more of the port than our own settings, which have been looked at already. Only Spring can say
     * whether that makes sense, and what makes none is to stop the start.
     */
    private static boolean isSetInSpringsOwnWay(ConfigurableEnvironment environment) {
        return environment.getPropertySources().stream()
                .filter(source -> !source.getName().contains("class path resource [application.yaml]"))
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '.'))
                .anyMatch(name -> SPRINGS_OWN.matcher(name).lookingAt() && !OUR_OWN.contains(name));
    }

    /** The context of the open port; null before and after. */
    synchronized @Nullable ApplicationContext management() {
        return management;
    }

    /** Takes seconds and no lock: a stop that waited for it would spend them of what it has for the mails under way. */
    private void open() {
        if (isNotWanted()) {
            return;
        }
        ConfigurableApplicationContext opened = opener.apply(mails);
        if (!keep(opened)) {
            opened.close();
            return;
        }
        LOG.info(
                "Management: http://{}:{}/actuator/hawtio",
                mails.getEnvironment().getProperty("server.address"),
                mails.getEnvironment().getProperty("local.server.port"));
    }

    private synchronized boolean isNotWanted() {
        return stopped || management != null;
    }

    private synchronized boolean keep(ConfigurableApplicationContext opened) {
        if (!stopped) {
            management = opened;
        }
        return !stopped;
    }

    @Override
    public void start() {
        running = true;
        if (isSetInSpringsOwnWay(mails.getEnvironment())) {
            open();
        }
    }

    @Override
    public void stop() {
        running = false;
        close();
    }

    private synchronized void close() {
        stopped = true;
        if (management != null) {
            management.close();
            management = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** That of Spring Boot's own web server. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 2048;
    }
}
