package dev.crossfade.sample.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows the progress of a run: a line for every event, and below it one line with the present state. That line is
 * redrawn in place on a terminal, and printed again from time to time elsewhere. Thread-safe.
 */
final class LiveView implements AutoCloseable {

    private static final Duration REDRAW = Duration.ofMillis(200);
    private static final Duration REPEAT = Duration.ofSeconds(2);
    private static final String CLEAR_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Supplier<Reading> readings = () -> new Reading("starting", 0, 0);
    private String activity = "";
    private long lastOperations;
    private long lastNanos = start;
    private double rate;

    /**
     * The numbers of one moment.
     *
     * @param stage the stage of the entities
     * @param operations how many operations have ended
     * @param backlog how many keys wait for the mirror
     */
    record Reading(String stage, long operations, int backlog) {}

    /**
     * Starts a view.
     *
     * @param terminal whether {@code out} can draw over a line
     */
    LiveView(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        Thread.ofPlatform().name("live-view").daemon().start(this::run);
    }

    /** Shows the numbers of this source from now on. */
    synchronized void follow(Supplier<Reading> source) {
        readings = source;
    }

    /** Shows an event. */
    synchronized void event(String what) {
        activity = "";
        line("%s  %s".formatted(clock(), what));
    }

    /** Shows the current activity and its progress, until the next event. */
    synchronized void activity(String what) {
        activity = what;
    }

    /** Shows how many of some rows are done, and the time left. */
    void progress(String what, long done, long total, Duration left) {
        long percent = total == 0 ? 100 : 100 * done / total;
        activity("%s %d %% of %,d rows, %.1f s left".formatted(what, percent, total, left.toMillis() / 1000.0));
    }

    @Override
    public void close() {
        closed.countDown();
        synchronized (this) {
            if (terminal) {
                out.print(CLEAR_LINE);
                out.flush();
            }
        }
    }

    private void run() {
        long period = (terminal ? REDRAW : REPEAT).toMillis();
        try {
            while (!closed.await(period, TimeUnit.MILLISECONDS)) {
                draw();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void draw() {
        if (closed.getCount() == 0) {
            return;
        }
        Reading reading = readings.get();
        long now = System.nanoTime();
        double current = (reading.operations() - lastOperations) * 1e9 / Math.max(1, now - lastNanos);
        rate = terminal ? 0.7 * rate + 0.3 * current : current;
        lastOperations = reading.operations();
        lastNanos = now;
        String state = String.format(
                Locale.ROOT,
                "%s  %-14s  %,6.0f ops/s  backlog %,6d  %s",
                clock(),
                reading.stage(),
                rate,
                reading.backlog(),
                activity);
        if (terminal) {
            out.print(CLEAR_LINE + state.substring(0, Math.min(state.length(), 118)));
            out.flush();
        } else {
            line(state.stripTrailing());
        }
    }

    private void line(String text) {
        out.println(terminal ? CLEAR_LINE + text : text);
        out.flush();
    }

    private String clock() {
        return String.format(Locale.ROOT, "%6.1f s", (System.nanoTime() - start) / 1e9);
    }
}
