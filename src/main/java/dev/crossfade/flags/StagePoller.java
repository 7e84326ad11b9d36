package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the stages into an immutable snapshot on a thread of its own, and tells the fleet which epochs this instance has
 * applied. While the control database cannot be read, the last known stages stay in force.
 *
 * <p>An epoch is acknowledged only when no writer acts on an older snapshot any more.
 */
public final class StagePoller implements Stages, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StagePoller.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(20);
    /** The epoch of an entity that was announced and not read yet, older than any. */
    private static final long NOT_YET = -1;
    /** A flip that is not recorded for this long after its fence has died. */
    private static final Duration FLIP_IN_PROGRESS = Duration.ofSeconds(1);

    private final Databases databases;
    private final Fleet fleet;
    private final Instance instance;
    private final Duration interval;
    private final Set<String> entities = new ConcurrentSkipListSet<>();
    private final Set<String> warned = new ConcurrentSkipListSet<>();
    private final Ramps ramps = new Ramps();
    private final Map<String, Standing> suspected = new HashMap<>();
    private final List<StageSnapshot> retired = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "crossfade-stages");
    private volatile StageSnapshot current = new StageSnapshot(Map.of());
    private volatile boolean closed;
    private Map<String, Long> acknowledged = Map.of();
    private long lastHeartbeat;
    private boolean unreachable;

    /** Makes a poller that is not started. */
    public StagePoller(Databases databases, Fleet fleet, Instance instance, Duration interval) {
        this.databases = databases;
        this.fleet = fleet;
        this.instance = instance;
        this.interval = interval;
        thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** Sets by what, other than the key, an entity's reads can be ramped on this instance; call it before registering. */
    public void rampedBy(String entity, Set<String> names) {
        ramps.allow(entity, names);
    }

    /** Makes this instance serve an entity; on return its stage is known and acknowledged. */
    public void register(String entity) {
        AuthorityTable.register(databases.controlDsl(), entity);
        synchronized (this) {
            if (entities.add(entity)) {
                announce(entity);
            }
            poll();
        }
    }

    /** Tells the fleet of an entity before its stage is read: else the stage could move on unseen in between. */
    private synchronized void announce(String entity) {
        Map<String, Long> announced = new HashMap<>(acknowledged);
        announced.put(entity, NOT_YET);
        fleet.heartbeat(instance, announced);
        acknowledged = announced;
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
        long start = System.nanoTime();
        while (current.of(entity).epoch() <= epoch) {
            long waited = System.nanoTime() - start;
            if (waited > atMost.toNanos()) {
                return false;
            }
            try {
                poll();
                if (current.of(entity).epoch() <= epoch) {
                    if (waited > FLIP_IN_PROGRESS.toNanos()) {
                        HalfDoneFlip.complete(databases, entity);
                    }
                    TimeUnit.MILLISECONDS.sleep(RETRY.toMillis());
                }
            } catch (DataAccessException e) {
                LOG.debug("Looking for the newer stage of {} failed; trying again.", entity, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Ends the thread and takes this instance out of the fleet. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            fleet.leave(instance);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DataAccessException e) {
            LOG.debug("The control database could not be told that this instance leaves; it will notice.", e);
        }
    }

    private void run() {
        while (!closed) {
            try {
                poll();
                unreachable = false;
            } catch (RuntimeException e) {
                if (!unreachable && !closed) {
                    unreachable = true;
                    LOG.warn("The stages cannot be read; the last known ones stay in force: {}", e.getMessage());
                }
            }
            try {
                TimeUnit.NANOSECONDS.sleep(hasRetired() ? RETRY.toNanos() : interval.toNanos());
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    private synchronized boolean hasRetired() {
        return !retired.isEmpty();
    }

    private synchronized void poll() {
        Map<String, EntityStage> stages = load();
        if (!stages.equals(current.all())) {
            retired.add(current);
            current = new StageSnapshot(stages);
        }
        retired.removeIf(StageSnapshot::isQuiet);
        acknowledge();
    }

    private void acknowledge() {
        Map<String, Long> applied = new HashMap<>();
        current.all().forEach((entity, stage) -> applied.put(entity, stage.epoch()));
        for (StageSnapshot old : retired) {
            old.all().forEach((entity, stage) -> applied.merge(entity, stage.epoch(), Math::min));
        }
        boolean due = System.nanoTime() - lastHeartbeat > HEARTBEAT.toNanos();
        if (!entities.isEmpty() && (due || !applied.equals(acknowledged))) {
            fleet.heartbeat(instance, applied);
            acknowledged = applied;
            lastHeartbeat = System.nanoTime();
        }
    }

    private Map<String, EntityStage> load() {
        Map<String, Standing> standings = AuthorityTable.all(databases.controlDsl());
        FlagStore.Flags flags = FlagStore.read(databases.controlDsl());
        Map<String, EntityStage> stages = new HashMap<>();
        for (String entity : entities) {
            Standing standing = standings.get(entity);
            EntityStage known = current.all().get(entity);
            if (standing != null) {
                stages.put(
                        entity,
                        new EntityStage(
                                standing.stage(), standing.epoch(), ramps.inForce(entity, standing.stage(), flags)));
                compare(entity, standing, StageFlag.stageOf(entity, flags.on()));
            } else if (known != null) {
                stages.put(entity, known);
                warn(entity, "has lost its row in crossfade.authority");
            }
        }
        return stages;
    }

    /**
     * The guarded stage is in force; flags that were edited in the table beside the guard are not followed. They are
     * read after the stage, so only a disagreement that lasts until the next poll is one.
     */
    private void compare(String entity, Standing standing, Optional<Stage> flagged) {
        if (flagged.equals(Optional.of(standing.stage()))) {
            suspected.remove(entity);
            warned.remove(entity);
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
