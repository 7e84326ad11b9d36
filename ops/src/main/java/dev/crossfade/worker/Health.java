package dev.crossfade.worker;

import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.MissedWrites.Tally;
import java.util.List;
import java.util.Map;

/**
 * A worker's health.
 *
 * @param problems what is wrong; empty when it does its work
 * @param underWay the jobs that it is running
 * @param entities what waits, by entity; entities with nothing waiting are absent
 */
public record Health(List<String> problems, List<String> underWay, Map<String, Waiting> entities) {

    /**
     * What waits for the mirror of an entity.
     *
     * @param intents intents in the databases, from any instance
     * @param oldestSeconds age of the oldest, 0 if there is none
     * @param missed missed writes
     * @param parked how many of them are parked
     */
    public record Waiting(long intents, double oldestSeconds, long missed, long parked) {

        static final Waiting NOTHING = new Waiting(0, 0, 0, 0);

        static Waiting of(Backlog backlog, Tally missed) {
            return new Waiting(backlog.count(), backlog.oldestSeconds(), missed.count(), missed.parked());
        }
    }

    /** Tells whether nothing is wrong. */
    public boolean isUp() {
        return problems.isEmpty();
    }
}
