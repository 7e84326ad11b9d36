package dev.crossfade.worker;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.control.TroubleLog;
import dev.crossfade.flags.StandingWatch;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Pace;
import dev.crossfade.time.Poller;
import dev.crossfade.verify.SweepCycle;
import dev.crossfade.worker.Health.Waiting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the databases at intervals, on its own thread. It logs once when a database goes down and once when it is
 * back, keeps the values for health and metrics, and makes sure that every job is scheduled. Thread-safe.
 */
final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);
    private static final Duration COUNTING = Duration.ofSeconds(10);
    private static final Duration PLANNING = Duration.ofMinutes(1);
    private static final Duration STALE = Duration.ofSeconds(60);

    private final Databases databases;
    private final DatabaseClock clock;
    private final Schedule schedule;
    private final Poller poller = new Poller("crossfade-watch", this::round);
    private final Map<Side, String> troubles = new ConcurrentHashMap<>();
    private final Map<Side, TroubleLog> logs = new EnumMap<>(Side.class);
    private final Pace counting = new Pace(COUNTING);
    private final Pace planning = new Pace(PLANNING);
    private final StandingWatch standings;
    private volatile Look last = new Look(Map.of(), Map.of(), Map.of());
    private volatile boolean hurried;

    Watch(Databases databases, DatabaseClock clock, Schedule schedule) {
        this.databases = databases;
        this.clock = clock;
        this.schedule = schedule;
        this.standings = new StandingWatch(databases);
        for (Side side : Side.values()) {
            logs.put(
                    side,
                    new TroubleLog(LOG, "The %s side's database works again.".formatted(side.label()))
                            .about("side", side.label()));
        }
    }

    /** The latest counts. */
    private record Look(Map<String, Waiting> waiting, Map<String, SweepCycle> swept, Map<String, String> frozen) {}

    /** Starts the thread. */
    void start() {
        poller.start();
    }

    /** Returns what is wrong with the databases. */
    List<String> troubles() {
        return Stream.of(Side.values())
                .flatMap(side -> Stream.ofNullable(troubles.get(side)))
                .toList();
    }

    /** Returns why entities are frozen, by name. */
    Map<String, String> frozen() {
        return last.frozen();
    }

    /** Returns what waits, by entity. */
    Map<String, Waiting> waiting() {
        return last.waiting();
    }

    /** Returns what waits for an entity, empty if that is no longer known. */
    Optional<Waiting> waiting(String entity) {
        return isFresh() ? Optional.of(last.waiting().getOrDefault(entity, Waiting.NOTHING)) : Optional.empty();
    }

    /** Returns the last finished pass over an entity, empty if there is none or it is no longer known. */
    Optional<SweepCycle> swept(String entity) {
        return isFresh() ? Optional.ofNullable(last.swept().get(entity)) : Optional.empty();
    }

    /** Returns the time in the control database, in seconds since 1970. */
    double now() {
        return clock.now().toEpochMilli() / 1000.0;
    }

    private boolean isFresh() {
        return counting.wasDoneWithin(STALE);
    }

    /** Ends the thread. */
    @Override
    public void close() {
        poller.close();
    }

    private Duration round() {
        look();
        return PERIOD;
    }

    /** Checks once; throws nothing. */
    void look() {
        boolean counts = counting.isDue();
        Map<String, Backlog> ofModern = new HashMap<>();
        boolean modern = databases.areShared()
                || attempt(Side.MODERN, () -> {
                    databases.dsl(Side.MODERN).selectOne().fetch();
                    if (counts) {
                        ofModern.putAll(Intents.backlogs(databases.dsl(Side.MODERN)));
                    }
                });
        attempt(Side.LEGACY, () -> {
            clock.adjust(databases.controlDsl());
            if (planning.isDue()) {
                plan();
            }
            if (counts && modern) {
                count(ofModern);
            }
        });
        standings.lookQuietly(Map.of());
    }

    private void plan() {
        schedule.plan();
        if (!hurried) {
            schedule.hurry();
            hurried = true;
        }
        planning.done();
    }

    private void count(Map<String, Backlog> ofModern) {
        Map<String, Backlog> intents = new HashMap<>(ofModern);
        Intents.backlogs(databases.dsl(Side.LEGACY))
                .forEach((entity, backlog) -> intents.merge(entity, backlog, Backlog::and));
        Map<String, Tally> missed = new MissedWrites(databases.controlDsl()).tallies();
        Map<String, Waiting> waiting = new HashMap<>();
        Stream.of(intents, missed)
                .flatMap(counted -> counted.keySet().stream())
                .forEach(entity -> waiting.put(
                        entity,
                        Waiting.of(
                                intents.getOrDefault(entity, Backlog.NONE), missed.getOrDefault(entity, Tally.NONE))));
        Map<String, String> frozen = new TreeMap<>();
        AuthorityTable.fences(databases.controlDsl())
                .forEach((entity, fence) -> fence.frozen().ifPresent(reason -> frozen.put(entity, reason)));
        // Nothing of a contracted entity is applied, repaired or moved, frozen or not.
        frozen.keySet().removeAll(Contractions.all(databases.controlDsl()).keySet());
        last = new Look(waiting, SweepCycle.lastFinished(databases.controlDsl()), frozen);
        counting.done();
    }

    private TroubleLog log(Side side) {
        return Objects.requireNonNull(logs.get(side));
    }

    /**
     * Makes one attempt for each side and check: a failure and a success in one check would be logged again and again.
     */
    private boolean attempt(Side side, Runnable look) {
        try {
            look.run();
            troubles.remove(side);
            log(side).succeeded();
            return true;
        } catch (RuntimeException e) {
            String message = "The %s side's database cannot be used: %s."
                    .formatted(side.label(), ServerMessage.withoutValues(e).replaceFirst("[.]$", ""));
            troubles.put(side, message);
            log(side).failed("%s The worker keeps trying.".formatted(message));
            LOG.debug("The {} side could not be looked at.", side.label(), e);
            return false;
        }
    }
}
