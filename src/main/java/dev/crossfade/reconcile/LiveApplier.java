package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.control.TroubleLog;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.PendingKeys;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.queue.PendingKeys.Unconfirmed;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Backoff;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pace;
import dev.crossfade.time.Poller;
import dev.crossfade.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Applies this instance's own pending keys on a thread of its own, many at a time, parents before children. While a
 * database is down it backs off with growing pauses and resumes by itself.
 */
public final class LiveApplier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveApplier.class);
    private static final int BATCH = 500;
    private static final int GROWTH = 8;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration CLOSING = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(1);
    /** Under load, how long keys are collected for one batch; a single key never waits. */
    private static final Duration GATHERING = Duration.ofNanos(500_000);

    private final Databases databases;
    private final Supplier<List<TableMapping>> mappings;
    private final PendingKeys pending;
    private final Reconciler reconciler;
    private final Drain drain;
    private final MissedWrites missedWrites;
    /** Has a permit once keys were noted, for the idle applier thread; whoever notes keys never waits. */
    private final Semaphore signal = new Semaphore(0);

    private final Poller poller = new Poller("crossfade-applier", this::once);
    private final Backoff backoff = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
    private final Pace housekeeping = new Pace(HOUSEKEEPING);
    private final TroubleLog outage =
            new TroubleLog(LOG, "The mirror can be written again; pending keys are being applied.");
    private final TroubleLog defect = new TroubleLog(LOG, "Pending keys are being applied again.");
    private int limit = BATCH;

    /**
     * Creates an applier that is not started.
     *
     * @param mappings the entities of this instance, parents first
     */
    public LiveApplier(
            Databases databases, Supplier<List<TableMapping>> mappings, Reconciler reconciler, int pendingCapacity) {
        this.databases = databases;
        this.mappings = mappings;
        this.reconciler = reconciler;
        this.pending = new PendingKeys(pendingCapacity, this::wakeUp);
        this.drain = new Drain(databases, reconciler);
        this.missedWrites = new MissedWrites(databases.controlDsl());
    }

    /** Starts the thread. */
    public void start() {
        poller.start();
    }

    /** Returns the keys that wait for this applier. */
    public PendingKeys pending() {
        return pending;
    }

    /** Waits until nothing is pending or the time is up; tells whether nothing is. */
    public boolean awaitLevel(Duration atMost) throws InterruptedException {
        Deadline deadline = Deadline.after(atMost);
        while (!pending.isEmpty()) {
            if (deadline.isOver()) {
                return false;
            }
            Ticker.SYSTEM.sleep(BETWEEN_LOOKS);
        }
        return true;
    }

    /** Stops the thread; what is still pending has durable intents and is left to the worker. */
    @Override
    public void close() {
        // Without an interrupt: a batch in flight is finished.
        poller.finish();
        wakeUp();
        poller.awaitEnd(CLOSING);
    }

    private void wakeUp() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /** Gives each entity one turn; returns how long to pause, even if keys are noted meanwhile. */
    private Duration once() throws InterruptedException {
        boolean progress = false;
        boolean failed = false;
        for (TableMapping mapping : mappings.get()) {
            try {
                progress |= workOff(mapping);
            } catch (RuntimeException | Error e) {
                failed = true;
                report(mapping, e);
            }
        }
        if (failed) {
            // A single key is enough to see whether the outage is over.
            limit = 1;
            return backoff.failed();
        }
        outage.succeeded();
        defect.succeeded();
        if (pending.isEmpty()) {
            backoff.succeeded();
            rest(LONGEST_PAUSE);
            return Duration.ZERO;
        }
        if (progress) {
            backoff.succeeded();
            return GATHERING;
        }
        if (rest(backoff.failed())) {
            backoff.succeeded();
        }
        return Duration.ZERO;
    }

    /**
     * Applies all batches of an entity that wait now, so that its children find the rows that they refer to; tells
     * whether a key was finished.
     */
    private boolean workOff(TableMapping mapping) {
        boolean progress = false;
        boolean more = true;
        for (int batches = pending.size(mapping.entity()) / limit;
                more && batches >= 0 && !poller.isEnding();
                batches--) {
            more = round(mapping);
            progress |= more;
        }
        return progress;
    }

    /** Applies one batch of an entity; tells whether a key was finished. */
    private boolean round(TableMapping mapping) {
        String entity = mapping.entity();
        if (!pending.isAnyPending(entity)) {
            return false;
        }
        houseKeep(mapping);
        List<PendingKey> work = pending.take(entity, limit);
        boolean progress = false;
        try {
            for (Outcome outcome : reconciler.reconcile(mapping, work)) {
                switch (outcome) {
                    case Outcome.Applied applied -> {
                        progress = true;
                        pending.applied(entity, applied.key());
                    }
                    case Outcome.Missed missed -> {
                        progress = true;
                        pending.missed(entity, missed.key());
                    }
                    case Outcome.Deferred deferred -> pending.deferred(entity, deferred.key());
                }
            }
        } catch (RuntimeException | Error e) {
            work.forEach(one -> pending.deferred(entity, one.key()));
            throw e;
        }
        limit = progress ? Math.min(limit * GROWTH, BATCH) : limit;
        return progress | drainOverflow(mapping);
    }

    private boolean drainOverflow(TableMapping mapping) {
        String entity = mapping.entity();
        long overflow = pending.overflow(entity);
        if (overflow == 0) {
            return false;
        }
        Drain.Round round = drain.intents(mapping, Duration.ZERO);
        List<Intent> oldest = Intents.oldest(databases.dsl(reconciler.authority(mapping)), entity, 0, 1, Duration.ZERO);
        if (oldest.isEmpty() || oldest.getFirst().id() > overflow) {
            // It is no longer known which of the keys were this instance's.
            missedWrites
                    .list(Optional.of(entity), Integer.MAX_VALUE)
                    .forEach(missed -> pending.missed(entity, missed.key()));
            pending.overflowDrained(entity, overflow);
            return true;
        }
        return round.applied() > 0;
    }

    /** Checks keys that others finish: transactions that the service manages itself, and missed writes. */
    private void houseKeep(TableMapping mapping) {
        String entity = mapping.entity();
        for (Unconfirmed transaction : pending.unconfirmed(entity)) {
            Boolean committed = hasCommitted(databases.dsl(transaction.authority()), transaction.transactionId());
            if (committed != null) {
                pending.confirmed(entity, transaction, committed);
            }
        }
        if (housekeeping.isDue()) {
            housekeeping.done();
            Set<RecordKey> missed = pending.missedKeys(entity);
            if (!missed.isEmpty()) {
                Set<RecordKey> still = missedWrites.stillMissed(entity, missed);
                missed.stream().filter(key -> !still.contains(key)).forEach(key -> pending.recovered(entity, key));
            }
        }
    }

    /** Returns null while the transaction runs. */
    private static @Nullable Boolean hasCommitted(DSLContext database, String transactionId) {
        String status = database.fetchOptional("select pg_xact_status(cast(? as xid8))", transactionId)
                .map(row -> row.get(0, String.class))
                .orElse("committed");
        return "in progress".equals(status) ? null : Boolean.valueOf(!"aborted".equals(status));
    }

    private void report(TableMapping mapping, Throwable failure) {
        LOG.debug("Applying pending keys of {} failed.", mapping.entity(), failure);
        if (failure instanceof MirrorOutageException || failure instanceof DataAccessException) {
            outage.failed("%s Crossfade keeps trying; reads are answered by the authoritative side."
                    .formatted(
                            failure instanceof MirrorOutageException
                                    ? failure.getMessage()
                                    : ServerMessage.sentence(ServerMessage.withoutValues(failure))));
        } else {
            defect.failed(
                    Level.ERROR,
                    "Applying pending keys of %s failed; they stay pending.".formatted(mapping.entity()),
                    failure);
        }
    }

    /** Waits until keys are noted, for a pause at most; tells whether some were. */
    private boolean rest(Duration pause) throws InterruptedException {
        boolean noted = signal.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
        if (noted) {
            signal.drainPermits();
        }
        return noted;
    }
}
