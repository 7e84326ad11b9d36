package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.sql.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.exception.DataAccessException;

/**
 * What becomes of keys that could not be applied, in one batch of an entity. One whose row does not fit becomes a
 * missed write; one that waits for another row, to come or to go, does so once it has waited for long enough: where it
 * is to come, that costs no attempt. Where that cannot be recorded, the key keeps its intents, and the rest of the
 * batch is not held up.
 */
final class RefusedKeys {

    private final Databases databases;
    private final MissedWrites missedWrites;
    private final String entity;
    private final Side authority;
    private final Duration patience;
    private final Map<PendingKey, SQLException> failures = new LinkedHashMap<>();

    /**
     * Makes the record of one batch.
     *
     * @param patience how old an intent is when its key has waited for long enough for another row
     */
    RefusedKeys(Databases databases, MissedWrites missedWrites, String entity, Side authority, Duration patience) {
        this.databases = databases;
        this.missedWrites = missedWrites;
        this.entity = entity;
        this.authority = authority;
        this.patience = patience;
    }

    /** Remembers that a key could not be applied. */
    void add(PendingKey work, SQLException failure) {
        failures.put(work, failure);
    }

    /**
     * Records what was remembered, all at once. The records come before the intents go, so a crash in between keeps
     * both.
     *
     * @param others how the other keys of the batch ended
     * @return how these ended
     * @throws MirrorOutageException if they could not be recorded, and nothing else of the batch got on: as long as
     *     other keys get on, that waits for a batch in which they do not
     */
    List<Outcome> record(List<Outcome> others) {
        if (failures.isEmpty()) {
            return List.of();
        }
        try {
            Map<RecordKey, SQLException> missed = new LinkedHashMap<>();
            List<Intent> intents = new ArrayList<>();
            List<Outcome> outcomes = new ArrayList<>();
            Set<Long> old = old();
            failures.forEach((work, failure) -> {
                if (isWaiting(failure) && work.intents().stream().noneMatch(intent -> old.contains(intent.id()))) {
                    outcomes.add(new Outcome.Deferred(work.key()));
                } else {
                    missed.put(work.key(), failure);
                    intents.addAll(work.intents());
                    outcomes.add(new Outcome.Missed(work.key()));
                }
            });
            missedWrites.missed(entity, authority.opposite(), missed);
            if (!intents.isEmpty()) {
                delete(intents);
            }
            return outcomes;
        } catch (SQLException | DataAccessException e) {
            if (others.stream().allMatch(Outcome.Deferred.class::isInstance)) {
                throw MirrorOutageException.unrecorded(entity, e);
            }
            return failures.keySet().stream()
                    .<Outcome>map(work -> new Outcome.Deferred(work.key()))
                    .toList();
        }
    }

    /**
     * Returns the numbers of those intents of waiting keys that are so old that their keys have waited for long enough.
     */
    private Set<Long> old() throws SQLException {
        List<Intent> waiting = failures.entrySet().stream()
                .filter(one -> isWaiting(one.getValue()))
                .flatMap(one -> one.getKey().intents().stream())
                .toList();
        if (waiting.isEmpty()) {
            return Set.of();
        }
        try (Connection connection = databases.of(authority).getConnection()) {
            return Intents.olderThan(connection, entity, waiting, patience);
        }
    }

    private void delete(List<Intent> intents) throws SQLException {
        try (Connection connection = databases.of(authority).getConnection()) {
            Intents.delete(connection, entity, Intents.existing(connection, entity, intents));
        }
    }

    private static boolean isWaiting(SQLException failure) {
        FailureClass kind = FailureClass.of(failure);
        return kind == FailureClass.WAITS_FOR_PARENT || kind == FailureClass.REFERENCED;
    }
}
