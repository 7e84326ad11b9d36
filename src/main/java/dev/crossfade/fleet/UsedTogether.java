package dev.crossfade.fleet;

import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.time.Pace;
import dev.crossfade.time.Poller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to the fleet which entities this instance uses in one transaction. Noting costs a map lookup; a thread of
 * its own writes to the control database, a new group within a second. Thread-safe.
 */
public final class UsedTogether implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UsedTogether.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration SAY_AGAIN_AFTER = EntityGroups.DECLARED_FOR.dividedBy(4);
    private static final Duration COUNT_AGAIN_AFTER = Duration.ofMinutes(1);
    /** Beyond this many groups, the transactions of a service are reported as pairs instead. */
    private static final int MOST_GROUPS = 500;

    private final EntityGroups groups;
    private final Instance instance;
    private final Map<Set<String>, Noted> seen = new ConcurrentHashMap<>();
    private final Map<Set<String>, Noted> declared = new ConcurrentHashMap<>();
    private final Poller poller = new Poller("crossfade-groups", this::round);

    /** Creates it; its thread is not started. */
    public UsedTogether(EntityGroups groups, Instance instance) {
        this.groups = groups;
        this.instance = instance;
    }

    /** The state of a group; only the thread knows when it was reported. */
    private static final class Noted {

        private final LongAdder times = new LongAdder();
        private final Pace told;

        Noted(Duration sayAgainAfter) {
            this.told = new Pace(sayAgainAfter);
        }
    }

    /** Starts the thread. */
    public void start() {
        poller.start();
    }

    /** Notes that a transaction has used these entities, committed or not. */
    public void noted(Set<String> entities) {
        Noted known = seen.get(entities);
        if (known != null) {
            known.times.increment();
        } else if (seen.size() < MOST_GROUPS) {
            first(entities);
        } else {
            // A chain of pairs connects them all, and the number of pairs is limited.
            List<String> names = entities.stream().sorted().toList();
            for (int i = 1; i < names.size(); i++) {
                first(Set.of(names.get(i - 1), names.get(i)));
            }
        }
    }

    private void first(Set<String> entities) {
        seen.computeIfAbsent(Set.copyOf(entities), group -> new Noted(COUNT_AGAIN_AFTER))
                .times
                .increment();
    }

    /** Declares that transactions of this service may use these entities together; ignores fewer than two. */
    public void declare(Collection<String> entities) {
        Set<String> group = Set.copyOf(entities);
        if (group.size() > 1) {
            declared.putIfAbsent(group, new Noted(SAY_AGAIN_AFTER));
        }
    }

    /** Ends the thread and reports the rest: a job may have ended within the second. */
    @Override
    public void close() {
        poller.close();
        if (poller.awaitEnd(CLOSING)) {
            tell();
        }
    }

    private Duration round() {
        tell();
        return PAUSE;
    }

    /** Reports all groups; those that fail are retried in a second and are known only here until then. */
    private synchronized void tell() {
        try {
            for (Map.Entry<Set<String>, Noted> one : List.copyOf(declared.entrySet())) {
                if (one.getValue().told.isDue()) {
                    tell(one.getKey(), one.getValue(), true);
                }
            }
            for (Map.Entry<Set<String>, Noted> one : new ArrayList<>(seen.entrySet())) {
                boolean due = poller.isEnding() || one.getValue().told.isDue();
                if (due && one.getValue().times.sum() > 0) {
                    tell(one.getKey(), one.getValue(), false);
                }
            }
        } catch (RuntimeException e) {
            LOG.debug("The fleet could not be told which entities move together; trying again.", e);
        }
    }

    private void tell(Set<String> entities, Noted noted, boolean isDeclared) {
        long times = noted.times.sumThenReset();
        boolean done = false;
        try {
            groups.tell(instance, entities, isDeclared, times);
            noted.told.done();
            done = true;
        } finally {
            if (!done) {
                noted.times.add(times);
            }
        }
    }
}
