package dev.crossfade.reconcile;

import dev.crossfade.control.FrozenException;
import dev.crossfade.control.OtherMappingException;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.control.StandingHold;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.Transfer.Diagnosis;
import dev.crossfade.reconcile.Transfer.Result;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the mirror rows that hold unique values which refused rows are to get. Their authoritative rows decide
 * about them: their keys are noted like any other key and applied together with the refused ones, under the same
 * locks and proofs.
 */
final class ValueHolders {

    /** The most keys that are applied together. */
    static final int MOST = 10_000;

    /** How often more rows are added: those that hold values which the added rows are to get. */
    private static final int ROUNDS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(ValueHolders.class);

    private final Transfer transfer;
    private final StandingHold hold;
    private final Diagnosis diagnosis;
    private final MissedWrites missedWrites;

    ValueHolders(Transfer transfer, StandingHold hold, Diagnosis diagnosis, MissedWrites missedWrites) {
        this.transfer = transfer;
        this.hold = hold;
        this.diagnosis = diagnosis;
        this.missedWrites = missedWrites;
    }

    /**
     * Applies refused keys again, together with the rows that hold their values.
     *
     * @return the result of the batch and of the added keys
     */
    Result bringIn(Result first) {
        Result result = first;
        Set<RecordKey> tried = new LinkedHashSet<>();
        for (int round = 1; round <= ROUNDS; round++) {
            Map<RecordKey, PendingKey> together = new LinkedHashMap<>();
            refused(result).forEach(work -> together.put(work.key(), work));
            Set<RecordKey> wanted = wanted(result);
            wanted.removeAll(together.keySet());
            if (wanted.isEmpty() || !tried.addAll(wanted) || together.size() + wanted.size() > MOST) {
                return result;
            }
            try {
                if (round > 1) {
                    wanted.addAll(alsoRefused(MOST - together.size() - wanted.size()));
                    wanted.removeAll(together.keySet());
                }
                Intents.note(hold, wanted)
                        .forEach(intent -> together.put(intent.key(), new PendingKey(intent.key(), List.of(intent))));
                result = result.and(transfer.apply(List.copyOf(together.values()), hold, diagnosis));
            } catch (SQLException
                    | DataAccessException
                    | StandingChangedException
                    | OtherMappingException
                    | FrozenException e) {
                LOG.debug("{}: rows that exchange values wait.", hold.entity(), e);
                return result;
            }
        }
        return result;
    }

    private static Stream<PendingKey> refused(Result result) {
        return result.refused().entrySet().stream()
                .filter(one -> one.getValue() instanceof HeldValueException)
                .map(Map.Entry::getKey);
    }

    private static Set<RecordKey> wanted(Result result) {
        return result.refused().values().stream()
                .filter(HeldValueException.class::isInstance)
                .map(reason -> ((HeldValueException) reason).holder())
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A long chain shows only one more link each time, although other keys were refused for the same reason. */
    private List<RecordKey> alsoRefused(int limit) {
        MissedFilter filter =
                new MissedFilter(Optional.of(hold.entity()), Optional.empty(), Optional.of(SqlState.UNIQUE_VIOLATION));
        return limit <= 0
                ? List.of()
                : missedWrites.list(filter, limit).stream()
                        .map(MissedWrite::key)
                        .toList();
    }

    /** Returns those of the settled keys that were brought in. */
    static List<PendingKey> broughtIn(List<PendingKey> batch, Result result) {
        Set<RecordKey> known = batch.stream().map(PendingKey::key).collect(Collectors.toSet());
        return Stream.of(result.done(), List.copyOf(result.refused().keySet()), result.gone())
                .flatMap(List::stream)
                .filter(work -> !known.contains(work.key()))
                .distinct()
                .toList();
    }
}
