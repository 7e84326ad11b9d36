package dev.crossfade.metrics;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.time.Poller;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the fleet at intervals, on its own thread, so that gauges answer from memory. A value that could not be read
 * for three intervals is unknown. Thread-safe.
 */
public final class FleetWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FleetWatch.class);
    private static final int STALE_AFTER = 3;

    private final DSLContext control;
    private final Duration interval;
    private final Poller poller = new Poller("crossfade-fleet-watch", this::round);
    private volatile Look last = new Look(Map.of(), System.nanoTime());

    /** Creates a watch that is not started. */
    public FleetWatch(DSLContext control, Duration interval) {
        this.control = control;
        this.interval = interval;
    }

    /**
     * What was last read about an entity.
     *
     * @param instances how many live instances serve it
     * @param lagSeconds how long its newest stage change has waited for the slowest of them, 0 if it does not wait
     */
    public record Seen(int instances, double lagSeconds) {}

    private record Look(Map<String, Seen> entities, long at) {}

    /** Starts the thread. */
    public void start() {
        poller.start();
    }

    /** Returns what was last read about an entity, empty if that is unknown or too old. */
    public Optional<Seen> seen(String entity) {
        Look look = last;
        boolean stale = System.nanoTime() - look.at() > interval.toNanos() * STALE_AFTER;
        return stale ? Optional.empty() : Optional.ofNullable(look.entities().get(entity));
    }

    /** Ends the thread. */
    @Override
    public void close() {
        poller.close();
    }

    private Duration round() {
        try {
            last = new Look(look(), System.nanoTime());
        } catch (RuntimeException e) {
            LOG.debug("The fleet could not be looked at; its gauges will say so.", e);
        }
        return interval;
    }

    private Map<String, Seen> look() {
        List<Fleet.Member> live = new Fleet(control).live();
        Map<String, Standing> standings = AuthorityTable.all(control);
        Map<String, Double> waiting = StageHistory.secondsSinceLastChange(control);
        Map<String, Seen> seen = new HashMap<>();
        standings.forEach((entity, standing) -> {
            List<Long> acknowledged = live.stream()
                    .map(member -> member.acknowledged().get(entity))
                    .flatMap(epoch -> Optional.ofNullable(epoch).stream())
                    .toList();
            boolean behind = acknowledged.stream().anyMatch(epoch -> epoch < standing.epoch());
            seen.put(entity, new Seen(acknowledged.size(), behind ? waiting.getOrDefault(entity, 0.0) : 0));
        });
        return seen;
    }
}
