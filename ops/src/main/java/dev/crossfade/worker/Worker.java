package dev.crossfade.worker;

import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off what services have left behind: intents whose instance died or could not reach the mirror, and missed writes
 * that are due. Parents before children. Any number of workers may run at once; each key is worked on by one of them at a
 * time. While a database is down a worker waits with growing pauses and goes on by itself.
 *
 * <p>One call of {@link #run} or {@link #drain} at a time; {@link #stop} may be called from any thread.
 */
public final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(100);

    private final List<EntityTurn> turns;
    private final Duration interval;
    private final Fleet fleet;
    private final MissedWrites missedWrites;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long housekeptAt;

    /**
     * How a worker goes about it.
     *
     * @param interval how long it rests when nothing is left to do
     * @param grace intents younger than this are left to the instance that wrote them
     */
    public record Settings(Duration interval, Duration grace) {

        /** What is used where nothing is set: 1 second of rest, 2 seconds of grace. */
        public static final Settings DEFAULTS = new Settings(Duration.ofSeconds(1), Duration.ofSeconds(2));

        /** Refuses settings that make no sense. */
        public Settings {
            if (interval.toMillis() < 1 || grace.isNegative()) {
                throw new InvalidInputException(
                        "A worker needs an interval of 1 ms or more and a grace of 0 or more, not %d ms and %d ms."
                                .formatted(interval.toMillis(), grace.toMillis()));
            }
        }
    }

    /**
     * What {@link #drain} did and left.
     *
     * @param applied keys whose mirror was brought up to date
     * @param newlyMissed keys that did not fit and were recorded as missed
     * @param deferred keys that are worked on elsewhere or wait for a row that they refer to
     * @param missedLeft missed writes that are left, by entity; those that are not due yet and parked ones too
     * @param troubles why entities could not be worked on
     */
    public record Summary(
            long applied, long newlyMissed, int deferred, Map<String, Integer> missedLeft, List<String> troubles) {

        /** Tells whether nothing is left. */
        public boolean isLevel() {
            return deferred == 0 && missedLeft.isEmpty() && troubles.isEmpty();
        }
    }

    /**
     * Makes a worker.
     *
     * @param mappings the entities, parents first
     */
    public Worker(Databases databases, List<TableMapping> mappings, Settings settings) {
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        this.turns = mappings.stream()
                .map(mapping -> new EntityTurn(mapping, drain, settings.grace()))
                .toList();
        this.interval = settings.interval();
        this.fleet = new Fleet(databases.controlDsl());
        this.missedWrites = new MissedWrites(databases.controlDsl());
        this.housekeptAt = System.nanoTime() - HOUSEKEEPING.toNanos();
    }

    /** Works until {@link #stop()}; returns when the batch in hand is finished. */
    public void run() {
        while (!isStopped()) {
            boolean progress = round();
            houseKeep();
            if (!progress) {
                rest(interval);
            }
        }
    }

    /**
     * Works until nothing more can be done now, or until {@link #stop()}. Keys that are worked on elsewhere get some
     * seconds to be finished there.
     */
    public Summary drain() {
        long patientUntil = System.nanoTime() + PATIENCE.toNanos();
        boolean waiting = true;
        while (!isStopped() && waiting) {
            if (round()) {
                patientUntil = System.nanoTime() + PATIENCE.toNanos();
            } else if (deferred() > 0 && System.nanoTime() - patientUntil < 0) {
                rest(SHORT_PAUSE);
            } else {
                waiting = false;
            }
        }
        return new Summary(
                turns.stream().mapToLong(EntityTurn::applied).sum(),
                turns.stream().mapToLong(EntityTurn::missed).sum(),
                deferred(),
                missedWrites.counts(),
                turns.stream()
                        .map(EntityTurn::trouble)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList());
    }

    /** Makes the worker end after the batch in hand. */
    public void stop() {
        stopped.countDown();
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private int deferred() {
        return turns.stream().mapToInt(EntityTurn::deferred).sum();
    }

    /** Gives each entity one turn; tells whether any got on. */
    private boolean round() {
        boolean progress = false;
        for (EntityTurn turn : turns) {
            if (isStopped()) {
                return false;
            }
            progress |= turn.take();
        }
        return progress;
    }

    private void houseKeep() {
        if (System.nanoTime() - housekeptAt < HOUSEKEEPING.toNanos()) {
            return;
        }
        housekeptAt = System.nanoTime();
        try {
            int gone = fleet.forgetGone(FORGOTTEN_AFTER);
            if (gone > 0) {
                LOG.info("Forgot {} instances that have been gone for more than an hour.", gone);
            }
        } catch (DataAccessException e) {
            LOG.debug("Housekeeping failed; it is tried again.", e);
        }
    }

    private void rest(Duration pause) {
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("The worker was asked to stop.");
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
        }
    }
}
