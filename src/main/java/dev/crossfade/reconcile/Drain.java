package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Claim;
import dev.crossfade.queue.PendingKeys.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jooq.exception.DataAccessException;

/** Works off the intents and missed writes that lie in the databases, whichever process left them. Thread-safe. */
public final class Drain {

    /** How many intents are worked off at a time. */
    public static final int BATCH = 1000;

    private final Databases databases;
    private final Reconciler reconciler;
    private final MissedWrites missedWrites;
    /** Where to go on, for entities whose oldest intents all wait: those behind them must not. */
    private final Map<String, Long> cursors = new ConcurrentHashMap<>();

    /** Works on the given databases through the given reconciler. */
    public Drain(Databases databases, Reconciler reconciler) {
        this.databases = databases;
        this.reconciler = reconciler;
        this.missedWrites = new MissedWrites(databases.controlDsl());
    }

    /**
     * What a round did.
     *
     * @param applied keys whose mirror is up to date
     * @param deferred keys that wait
     * @param missed keys that were recorded as missed
     */
    public record Round(int applied, int deferred, int missed) {

        /** Tells whether there was nothing to do. */
        public boolean isIdle() {
            return applied + deferred + missed == 0;
        }

        static Round of(List<Outcome> outcomes) {
            int applied = 0;
            int deferred = 0;
            int missed = 0;
            for (Outcome outcome : outcomes) {
                switch (outcome) {
                    case Outcome.Applied done -> applied++;
                    case Outcome.Deferred waiting -> deferred++;
                    case Outcome.Missed failed -> missed++;
                }
            }
            return new Round(applied, deferred, missed);
        }
    }

    /**
     * Works off up to {@link #BATCH} intents of an entity, the oldest first; after a batch that could not be applied, the
     * next ones.
     *
     * @param age intents younger than this are left to the instance that wrote them
     * @throws MirrorOutageException if a database cannot be used
     */
    public Round intents(TableMapping mapping, Duration age) {
        List<Intent> intents = oldest(mapping, age);
        Map<RecordKey, Work> work = new LinkedHashMap<>();
        for (Intent intent : intents) {
            work.computeIfAbsent(intent.key(), key -> new Work(key, new ArrayList<>()))
                    .intents()
                    .add(intent);
        }
        Round round = Round.of(reconciler.reconcile(mapping, List.copyOf(work.values())));
        boolean stuck = round.applied() + round.missed() == 0 && intents.size() == BATCH;
        cursors.put(mapping.entity(), stuck ? intents.getLast().id() : 0L);
        return round;
    }

    /**
     * Tries the missed writes of an entity that are due, by appending an intent for each and applying it.
     *
     * @throws MirrorOutageException if a database cannot be used
     */
    public Round missedWrites(TableMapping mapping) {
        try {
            List<Claim> due = missedWrites.claimDue(mapping.entity(), BATCH);
            if (due.isEmpty()) {
                return new Round(0, 0, 0);
            }
            Side authority = reconciler.authority(mapping);
            List<Work> work =
                    Intents.append(
                                    databases.dsl(authority),
                                    mapping.entity(),
                                    due.stream().map(Claim::key).toList())
                            .stream()
                            .map(intent -> new Work(intent.key(), List.of(intent)))
                            .toList();
            List<Outcome> outcomes = reconciler.retry(mapping, work);
            Set<RecordKey> applied = outcomes.stream()
                    .filter(Outcome.Applied.class::isInstance)
                    .map(Outcome::key)
                    .collect(Collectors.toSet());
            missedWrites.cleared(
                    mapping.entity(),
                    due.stream().filter(claim -> applied.contains(claim.key())).toList());
            return Round.of(outcomes);
        } catch (DataAccessException e) {
            throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
        }
    }

    private List<Intent> oldest(TableMapping mapping, Duration age) {
        Side authority = reconciler.authority(mapping);
        try {
            return Intents.oldest(
                    databases.dsl(authority), mapping.entity(), cursors.getOrDefault(mapping.entity(), 0L), BATCH, age);
        } catch (DataAccessException e) {
            throw new MirrorOutageException(mapping.entity(), authority, e);
        }
    }
}
