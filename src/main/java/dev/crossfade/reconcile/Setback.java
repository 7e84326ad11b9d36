package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.queue.FailureClass;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.PendingKeys.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of keys that could not be applied, in one batch of an entity. One whose row does not fit becomes a missed
 * write; one that waits for another row does so once it has waited for long enough, and costs no attempt. Where that cannot
 * be recorded, the key keeps its intents, and the rest of the batch is not held up.
 */
final class Setback {

    private final Databases databases;
    private final MissedWrites missedWrites;
    private final String entity;
    private final Side authority;
    private final Duration waiting;
    private @Nullable Exception unrecorded;

    /**
     * Makes the record of one batch.
     *
     * @param waiting how old an intent is when its key has waited for long enough for another row
     */
    Setback(Databases databases, MissedWrites missedWrites, String entity, Side authority, Duration waiting) {
        this.databases = databases;
        this.missedWrites = missedWrites;
        this.entity = entity;
        this.authority = authority;
        this.waiting = waiting;
    }

    /** Records that a key could not be applied; its record comes before its intents go, so a crash in between keeps both. */
    Outcome record(Work work, SQLException failure) {
        try {
            try (Connection connection = databases.of(authority).getConnection()) {
                if (FailureClass.of(failure) == FailureClass.WAITS_FOR_PARENT) {
                    if (!hasWaited(connection, work)) {
                        return new Outcome.Deferred(work.key());
                    }
                    missedWrites.waits(entity, work.key(), authority.opposite(), failure);
                } else {
                    missedWrites.missed(entity, work.key(), authority.opposite(), failure);
                }
                Intents.delete(connection, entity, Intents.existing(connection, entity, work.intents()));
            }
            return new Outcome.Missed(work.key());
        } catch (SQLException | DataAccessException e) {
            unrecorded = e;
            return new Outcome.Deferred(work.key());
        }
    }

    /**
     * Makes it known that a setback could not be recorded. As long as other keys get on that waits: the one concerned comes
     * back in a later batch.
     *
     * @throws MirrorOutageException if that happened, and nothing of the batch got on
     */
    void complainUnlessProgress(List<Outcome> outcomes) {
        Exception failure = unrecorded;
        if (failure != null && outcomes.stream().allMatch(Outcome.Deferred.class::isInstance)) {
            throw MirrorOutageException.unrecorded(entity, failure);
        }
    }

    private boolean hasWaited(Connection connection, Work work) throws SQLException {
        return waiting.isZero()
                || !Intents.olderThan(connection, entity, work.intents(), waiting).isEmpty();
    }
}
