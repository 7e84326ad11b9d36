package dev.crossfade.stages;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.FlagTable;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.ModernSchema;
import dev.crossfade.control.StageFlag;
import dev.crossfade.control.TroubleLog;
import dev.crossfade.flags.HalfDoneFlip;
import dev.crossfade.flags.LostStages;
import dev.crossfade.flags.StandingWatch;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Heartbeat;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.time.Poller;
import dev.crossfade.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongPredicate;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the stages into an immutable snapshot on a thread of its own, and tells the fleet which epochs this instance
 * has applied. While the control database cannot be read, the last known stages stay in force.
 *
 * <p>An epoch is acknowledged only when no writer acts on an older snapshot any more.
 */
public final class StagePoller implements Stages, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StagePoller.class);
    private static final Duration RETRY = Duration.ofMillis(20);
    /** How long to wait for each thread to end. */
    private static final Duration CLOSING = Duration.ofSeconds(5);
    /** The epoch of an entity that was announced but not read yet; lower than any real one. */
    private static final long NOT_YET = -1;
    /** A flip that is still not recorded this long after its fence has died. */
    private static final Duration FLIP_IN_PROGRESS = Duration.ofSeconds(1);

    private final Databases databases;
    private final Fleet fleet;
    private final Instance instance;
    private final Duration interval;
    private final Set<String> entities = new ConcurrentSkipListSet<>();
    private final Map<String, String> fingerprints = new HashMap<>();
    private final Set<String> warned = new ConcurrentSkipListSet<>();
    private final TroubleLog unreachable = new TroubleLog(LOG, "The stages can be read again.");
    private final Ramps ramps = new Ramps();
    private final Map<String, Standing> suspected = new HashMap<>();
    private final List<StageSnapshot> retired = new ArrayList<>();
    private final Poller polling = new Poller("crossfade-stages", this::round);
    private final ModernSchema modern;
    private final StandingWatch watch;
    private final FirstStage firstStage;
    /** For callers that wait for a newer snapshot. */
    private final SharedPoll shared = new SharedPoll(this::poll);
    /** On its own thread: a modern database that does not answer must not delay heartbeats. */
    private final Poller watching = new Poller("crossfade-watch", this::watchRound);

    private volatile Map<String, String> frozen = Map.of();
    private volatile StageSnapshot current = new StageSnapshot(Map.of(), new Lease("0"));
    private Map<String, Long> acknowledged = Map.of();
    private @Nullable Lease next;
    private long lastHeartbeat;

    /**
     * How an instance starts.
     *
     * @param polling the interval at which it reads the stages
     * @param modern the schema in the modern database, which may still have to be upgraded
     */
    public record Start(Duration polling, ModernSchema modern) {}

    /** Creates a poller that is not started. */
    public StagePoller(Databases databases, Fleet fleet, Instance instance, Start start) {
        this.databases = databases;
        this.fleet = fleet;
        this.instance = instance;
        this.interval = start.polling();
        this.modern = start.modern();
        this.watch = new StandingWatch(databases);
        this.firstStage = new FirstStage(databases, modern, watch, new LostStages(databases, modern.isFirst()), fleet);
    }

    /** Starts the threads. */
    public void start() {
        polling.start();
        watching.start();
    }

    /**
     * Sets the values, other than the key, by which an entity's reads can be ramped on this instance; call it before
     * registering.
     */
    public void rampedBy(String entity, Set<String> names) {
        ramps.allow(entity, names);
    }

    /**
     * Makes this instance serve an entity; on return its stage is known and acknowledged. The entity is announced
     * before its tables are recorded, because a rename looks for instances under the lock that recording takes.
     *
     * @throws dev.crossfade.model.RefusedException if its tables belong to another entity; this instance does not serve
     *     it then
     * @throws dev.crossfade.model.UnavailableException if its stage cannot be determined; see {@link FirstStage}
     */
    public void register(TableMapping mapping) {
        // Verifies the last decided stage before acting on it. Entities that are served already do not wait for this.
        firstStage.require(mapping);
        synchronized (this) {
            boolean isNew = entities.add(mapping.entity());
            try {
                if (isNew) {
                    announce(mapping);
                }
                EntityTables.register(databases, mapping.entity(), mapping.tables());
                firstStage.adopt(mapping);
            } catch (RuntimeException e) {
                if (isNew) {
                    withdraw(mapping.entity());
                }
                throw e;
            }
            poll();
        }
    }

    private synchronized void withdraw(String entity) {
        entities.remove(entity);
        fingerprints.remove(entity);
        try {
            beat(applied());
        } catch (DataAccessException e) {
            LOG.debug(
                    "The fleet could not be told that this instance does not serve {}; the next heartbeat will.",
                    entity,
                    e);
        }
    }

    /** Returns why the modern database could not be used when it was last asked, empty if it could. */
    public Optional<String> modernTrouble() {
        return modern.trouble().or(watch::trouble);
    }

    /** Returns the reasons of frozen entities by name. */
    public Map<String, String> frozen() {
        return frozen;
    }

    /** Announces an entity to the fleet before its stage is read: otherwise the stage could move unseen in between. */
    private synchronized void announce(TableMapping mapping) {
        Map<String, Long> announced = new HashMap<>(acknowledged);
        announced.put(mapping.entity(), NOT_YET);
        fingerprints.put(mapping.entity(), mapping.fingerprint());
        beat(announced);
    }

    @Override
    public StageSnapshot current() {
        return current;
    }

    @Override
    public StageSnapshot pin() {
        while (true) {
            StageSnapshot snapshot = current;
            snapshot.enter();
            if (snapshot == current) {
                return snapshot;
            }
            snapshot.release();
        }
    }

    @Override
    public boolean awaitNewer(String entity, long epoch, Duration atMost) {
        return await(atMost, "the newer stage of " + entity, waited -> {
            if (current.of(entity).epoch() <= epoch && waited > FLIP_IN_PROGRESS.toNanos()) {
                HalfDoneFlip.complete(databases, entity);
            }
            return current.of(entity).epoch() > epoch;
        });
    }

    @Override
    public boolean rejoin(String lost, Duration atMost) {
        synchronized (this) {
            lastHeartbeat = System.nanoTime() - fleet.heartbeatInterval().toNanos();
        }
        return await(atMost, "a new lease", waited -> !current.lease().equals(lost));
    }

    /** Polls until a condition holds; the condition gets the time waited so far in nanoseconds. */
    private boolean await(Duration atMost, String what, LongPredicate condition) {
        long start = System.nanoTime();
        while (true) {
            long waited = System.nanoTime() - start;
            try {
                if (condition.test(waited)) {
                    return true;
                }
                if (waited > atMost.toNanos()) {
                    return false;
                }
                shared.await();
                if (!condition.test(waited)) {
                    Ticker.SYSTEM.sleep(RETRY);
                }
            } catch (DataAccessException e) {
                LOG.debug("Looking for {} failed; trying again.", what, e);
                if (waited > atMost.toNanos()) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Ends the threads and removes this instance from the fleet. */
    @Override
    public void close() {
        polling.close();
        watching.close();
        polling.awaitEnd(CLOSING);
        watching.awaitEnd(CLOSING);
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        try {
            fleet.leave(instance);
        } catch (DataAccessException e) {
            LOG.debug("The control database could not be told that this instance leaves; it will notice.", e);
        }
    }

    private Duration round() {
        try {
            poll();
            unreachable.succeeded();
        } catch (RuntimeException | Error e) {
            // Without this thread there would be no heartbeat, and soon no write.
            if (!polling.isEnding()) {
                unreachable.failed("The stages cannot be read; the last known ones stay in force: %s"
                        .formatted(LostStages.reason(e)));
            }
        }
        return hasRetired() ? RETRY : interval;
    }

    /**
     * Upgrades the modern schema if that is still to be done, and compares both databases, about once per heartbeat.
     */
    private Duration watchRound() throws InterruptedException {
        if (!modern.prepare()) {
            watching.pause(fleet.heartbeatInterval());
        }
        Map<String, Standing> known = new HashMap<>();
        current.all().forEach((entity, stage) -> known.put(entity, stage.standing()));
        if (!known.isEmpty()) {
            watch.lookQuietly(known);
        }
        return Duration.ZERO;
    }

    private synchronized boolean hasRetired() {
        return !retired.isEmpty();
    }

    /**
     * Heartbeats before it reads the stages: a lease that begins after a gap counts only with stages read after the
     * fleet knew this instance again.
     */
    private synchronized void poll() {
        if (!entities.isEmpty()
                && System.nanoTime() - lastHeartbeat
                        >= fleet.heartbeatInterval().toNanos()) {
            beat(acknowledged);
        }
        Map<String, EntityStage> stages = load();
        Lease begun = next;
        if (begun != null || !stages.equals(current.all())) {
            retired.add(current);
            current = new StageSnapshot(stages, begun == null ? current.ownLease() : begun);
            next = null;
        }
        retired.removeIf(StageSnapshot::isQuiet);
        Map<String, Long> applied = applied();
        if (!entities.isEmpty() && !applied.equals(acknowledged)) {
            beat(applied);
        }
    }

    private void beat(Map<String, Long> applied) {
        long begun = System.nanoTime();
        Heartbeat heartbeat = fleet.heartbeat(instance, applied, fingerprints);
        acknowledged = Map.copyOf(applied);
        lastHeartbeat = begun;
        if (heartbeat.inTime()) {
            (next == null ? current.ownLease() : next).renew(heartbeat.leaseEnd());
        } else {
            next = new Lease(heartbeat.leaseEnd());
        }
    }

    /** Returns the epochs that this instance can acknowledge: no writer here acts on an older stage. */
    private Map<String, Long> applied() {
        Map<String, Long> applied = new HashMap<>();
        current.all().forEach((entity, stage) -> applied.put(entity, stage.epoch()));
        for (StageSnapshot old : retired) {
            old.all().forEach((entity, stage) -> applied.merge(entity, stage.epoch(), Math::min));
        }
        return applied;
    }

    private Map<String, EntityStage> load() {
        Map<String, Fence> fences = AuthorityTable.fences(databases.controlDsl());
        FlagTable.Flags flags = FlagTable.read(databases.controlDsl());
        Map<String, EntityStage> stages = new HashMap<>();
        Map<String, String> nowFrozen = new HashMap<>();
        for (String entity : entities) {
            Fence fence = fences.get(entity);
            EntityStage known = current.all().get(entity);
            if (fence != null && known != null && StandingWatch.isBehind(fence.standing(), known.standing())) {
                stages.put(entity, known);
                warn(entity, "has gone back in crossfade.authority to an older stage than this instance knows");
            } else if (fence != null) {
                Standing standing = fence.standing();
                boolean ours = fence.hasMapping(fingerprints.getOrDefault(entity, ""));
                stages.put(
                        entity,
                        new EntityStage(
                                standing.stage(),
                                standing.epoch(),
                                ramps.inForce(entity, standing.stage(), flags),
                                ours));
                compare(entity, standing, StageFlag.stageOf(entity, flags.on()));
                fence.frozen()
                        .filter(reason -> Contractions.find(databases.controlDsl(), entity)
                                .isEmpty())
                        .ifPresent(reason -> nowFrozen.put(entity, reason));
            } else if (known != null && isFormer(entity)) {
                if (warned.add(entity)) {
                    LOG.error(
                            "{} was renamed or forgotten while this instance was not heard of, and is not served any more. Start it with the present name: see `crossfade entity list`.",
                            entity);
                }
            } else if (known != null) {
                stages.put(entity, known);
                warn(entity, "has lost its row in crossfade.authority");
            }
        }
        frozen = Map.copyOf(nowFrozen);
        return stages;
    }

    /** An instance that was paused while its entity was renamed must not continue under the old name. */
    private boolean isFormer(String entity) {
        return FormerEntities.last(databases.controlDsl(), entity).isPresent();
    }

    /**
     * The guarded stage is in force; flags that were edited in the table, bypassing the guard, are not followed.
     * Flags are read after the stage, so only a disagreement that lasts until the next poll counts.
     */
    private void compare(String entity, Standing standing, Optional<Stage> flagged) {
        if (flagged.equals(Optional.of(standing.stage()))) {
            suspected.remove(entity);
            if (warned.remove(entity)) {
                LOG.info("{}: the tables of stages and flags agree again.", entity);
            }
        } else if (standing.equals(suspected.put(entity, standing))) {
            warn(
                    entity,
                    "has flags in crossfade.flag that mean "
                            + flagged.map(Stage::label).orElse("no stage at all") + "; someone edited the table");
        }
    }

    private void warn(String entity, String what) {
        if (warned.add(entity)) {
            LOG.error(
                    "{} {}. The last guarded stage stays in force; move it with `crossfade stage {}`.",
                    entity,
                    what,
                    entity);
        }
    }
}
