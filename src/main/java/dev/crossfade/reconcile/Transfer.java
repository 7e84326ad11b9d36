package dev.crossfade.reconcile;

import dev.crossfade.control.StandingHold;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** One topology's way of bringing the mirror of some keys up to date in one go. */
interface Transfer {

    /** How it is told which rows of a batch do not fit. */
    enum Diagnosis {
        /**
         * By a rule that the server has named, where there is one: quick, and right as far as is known of such rules.
         */
        BY_RULE,
        /** By trying them: whatever is refused, is refused by the server. */
        BY_TRIAL
    }

    /**
     * What became of a batch; keys that are in neither are locked elsewhere.
     *
     * @param done what was dealt with
     * @param refused what does not fit the mirror, and why; its intents are still there
     * @param gone what someone else has dealt with: its intents are gone
     */
    record Result(List<PendingKey> done, Map<PendingKey, SQLException> refused, List<PendingKey> gone) {

        /**
         * Sorts the work that was tried by whether it still had one of the existing intents and its key was refused.
         */
        static Result of(List<PendingKey> tried, Set<Intent> existing, Map<RecordKey, SQLException> refusedKeys) {
            Map<PendingKey, SQLException> refused = new LinkedHashMap<>();
            List<PendingKey> done = new ArrayList<>();
            List<PendingKey> gone = new ArrayList<>();
            for (PendingKey work : tried) {
                SQLException failure = refusedKeys.get(work.key());
                if (failure != null) {
                    refused.put(work, failure);
                } else if (work.intents().stream().anyMatch(existing::contains)) {
                    done.add(work);
                } else {
                    gone.add(work);
                }
            }
            return new Result(done, refused, gone);
        }

        /** Returns this and what became of some of its refused keys, and of others, when they were tried later. */
        Result and(Result later) {
            Map<PendingKey, SQLException> still = new LinkedHashMap<>(refused);
            // What is locked elsewhere is in none of these: it stays refused.
            later.done.forEach(still::remove);
            later.gone.forEach(still::remove);
            still.putAll(later.refused);
            return new Result(concatenated(done, later.done), still, concatenated(gone, later.gone));
        }

        private static List<PendingKey> concatenated(List<PendingKey> one, List<PendingKey> other) {
            List<PendingKey> all = new ArrayList<>(one);
            all.addAll(other);
            return all;
        }

        /** Returns what became of some of the keys. */
        Result of(Predicate<PendingKey> which) {
            Map<PendingKey, SQLException> those = new LinkedHashMap<>(refused);
            those.keySet().removeIf(which.negate());
            return new Result(
                    done.stream().filter(which).toList(),
                    those,
                    gone.stream().filter(which).toList());
        }

        /** Tells whether keys were put off and none was dealt with: of fewer keys one might be. */
        boolean isPutOff() {
            return done.isEmpty()
                    && gone.isEmpty()
                    && !refused.isEmpty()
                    && refused.values().stream().allMatch(failure -> FailureClass.of(failure) == FailureClass.OUTAGE);
        }
    }

    /**
     * Applies those keys that still have an intent.
     *
     * @param hold where the entity was seen; it is proven in the transaction that writes the mirror
     * @throws dev.crossfade.control.StandingChangedException if it does not stand there any more; nothing was changed
     * @throws dev.crossfade.control.FrozenException if it is frozen; nothing was changed
     * @throws SQLException if the mirror or the authoritative side cannot be used, or the only row does not fit;
     *     nothing was changed
     */
    Result apply(List<PendingKey> work, StandingHold hold, Diagnosis diagnosis) throws SQLException;

    /**
     * As {@link #apply}, in transactions of the caller's, who commits that of the mirror first.
     *
     * @param legacy begun in the legacy side's database
     * @param modern begun in the modern side's; the same where both sides are in one database
     */
    Copied copy(Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold, Diagnosis diagnosis)
            throws SQLException;

    /**
     * What is locked.
     *
     * @param keys the keys that could be locked
     * @param rows those of them whose authoritative rows nobody else changes until the end; the others have none, as
     *     far as is known
     */
    record Locked(Set<RecordKey> keys, Set<RecordKey> rows) {}

    /**
     * Takes the locks under which {@link #copy} works, in its transactions, which keep them.
     *
     * @throws dev.crossfade.control.StandingChangedException if the entity does not stand there any more
     * @throws dev.crossfade.control.FrozenException if it is frozen
     */
    Locked lock(Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold) throws SQLException;

    /**
     * What was copied and not committed.
     *
     * @param done intents that are to be deleted once the mirror is committed; those that could be deleted before it
     *     are not here
     */
    record Copied(Result result, List<Intent> done) {}

    /**
     * Tells whether the rows of some keys take more memory together than a batch may.
     *
     * @throws SQLException if the authoritative side cannot be used, or a key cannot be read
     */
    default boolean isTooLarge(List<PendingKey> work) throws SQLException {
        return false;
    }

    /**
     * Tells whether fewer keys at once may go where a batch failed with this SQLSTATE: a conflict with someone else.
     */
    default boolean mayFitHalved(String sqlState) {
        return SqlState.isConflict(sqlState);
    }

    /** Returns those intents whose keys were not refused. */
    static List<Intent> worked(Collection<Intent> intents, Map<RecordKey, SQLException> refused) {
        return intents.stream()
                .filter(intent -> !refused.containsKey(intent.key()))
                .toList();
    }
}
