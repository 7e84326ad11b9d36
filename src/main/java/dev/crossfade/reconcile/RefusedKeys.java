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
 * Handles the keys of one batch that could not be applied. A key that the mirror refuses becomes a missed write; a
 * key that waits for another row to appear or to be deleted becomes one after waiting long enough. Waiting for a row
 * to appear costs no attempt. If the record fails, the key keeps its intents, and the rest of the batch is not
 * blocked.
 */
final class RefusedKeys {

    private final Databases databases;
    private final MissedWrites missedWrites;
    private final String entity;
    private final Side authority;
    private final Duration patience;
    private final Map<PendingKey, SQLException> failures = new LinkedHashMap<>();

    /**
     * Creates it for one batch.
     *
     * @param patience the age of an intent after which its key has waited long enough for another row
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
     * Records all remembered keys at once. The records commit before the intents are deleted, so a crash in between
     * keeps both.
     *
     * @param others how the other keys of the batch ended
     * @return the outcomes of the remembered keys
     * @throws MirrorOutageException if they could not be recorded and no other key of the batch made progress; while
     *         other keys make progress, the failure is not reported
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

    /** Returns the numbers of intents whose keys have waited long enough. */
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
