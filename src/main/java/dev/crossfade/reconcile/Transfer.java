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

/** Applies a batch of keys to the mirror, in one topology. */
interface Transfer {

    /** How the refused rows of a batch are found. */
    enum Diagnosis {
        /** By a rule that the server has named, if there is one: quick, and right for all rules that are used so. */
        BY_RULE,
        /** By trying them: only the server refuses rows. */
        BY_TRIAL
    }

    /**
     * The result of a batch; keys that are in none of these are locked elsewhere.
     *
     * @param done the work that was applied
     * @param refused the work that the mirror refused, and why; its intents are still there
     * @param gone the work that someone else has handled: its intents are gone
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

        /** Returns this, updated with a later result of some of its refused keys and of other keys. */
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

        /** Tells whether keys were deferred and none was applied; with fewer keys one might be. */
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
     * @param hold the entity's standing, which is proven in the transaction that writes the mirror
     * @throws dev.crossfade.control.StandingChangedException if its stage has changed; nothing was changed
     * @throws dev.crossfade.control.FrozenException if it is frozen; nothing was changed
     * @throws SQLException if the mirror or the authoritative side cannot be used, or the only row is refused;
     *         nothing was changed
     */
    Result apply(List<PendingKey> work, StandingHold hold, Diagnosis diagnosis) throws SQLException;

    /**
     * As {@link #apply}, in the caller's transactions; the caller commits the mirror's first.
     *
     * @param legacy with a transaction in the legacy side's database
     * @param modern with a transaction in the modern side's; the same if both sides share a database
     */
    Copied copy(Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold, Diagnosis diagnosis)
            throws SQLException;

    /**
     * The locked keys.
     *
     * @param keys the keys that could be locked
     * @param rows those of them whose authoritative rows are locked until the end; the others had no such row
     */
    record Locked(Set<RecordKey> keys, Set<RecordKey> rows) {}

    /**
     * Takes the locks under which {@link #copy} works, in its transactions, which keep them.
     *
     * @throws dev.crossfade.control.StandingChangedException if the entity's stage has changed
     * @throws dev.crossfade.control.FrozenException if it is frozen
     */
    Locked lock(Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold) throws SQLException;

    /**
     * Copied but uncommitted work.
     *
     * @param done intents to delete once the mirror is committed, without those that are deleted already
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
     * Tells whether a batch that failed with this SQLSTATE may succeed with fewer keys: a conflict with someone else.
     */
    default boolean mayFitHalved(String sqlState) {
        return SqlState.isConflict(sqlState);
    }

    /** Returns the intents whose keys were not refused. */
    static List<Intent> worked(Collection<Intent> intents, Map<RecordKey, SQLException> refused) {
        return intents.stream()
                .filter(intent -> !refused.containsKey(intent.key()))
                .toList();
    }
}
