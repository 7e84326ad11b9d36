package dev.crossfade.reconcile;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.FailureClass;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.PendingKeys.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.exception.DataAccessException;

/**
 * Brings the mirror of keys up to date from the authoritative rows. A batch is applied as a whole; when a row does not
 * fit, the batch is halved until that row is alone, so that it does not hold up the others. Thread-safe.
 */
public final class Reconciler {

    /** Failures of one batch after which the rest of it waits for the next round. */
    private static final int PATIENCE = 64;

    /** Conflicts with other transactions after which fewer keys at once are not tried any more. */
    private static final int HALVINGS = 8;

    private final Duration patience;
    private final Databases databases;
    private final MissedWrites missedWrites;
    private final ReconcileListener listener;
    private final Map<Direction, Transfer> transfers = new ConcurrentHashMap<>();

    /** Works on the given databases; in one database, writers of a key may wait for a second. */
    public Reconciler(Databases databases, ReconcileListener listener) {
        this(databases, listener, Duration.ofSeconds(1));
    }

    /**
     * Works on the given databases.
     *
     * @param patience how long, in one database, a writer of a key may have to wait for a statement that copies it; a
     *     mirror that takes longer for a single row never gets it from here
     */
    public Reconciler(Databases databases, ReconcileListener listener, Duration patience) {
        this.patience = patience;
        this.databases = databases;
        this.missedWrites = new MissedWrites(databases.controlDsl());
        this.listener = listener;
    }

    /**
     * Applies those of the given keys that still have one of their intents.
     *
     * <p>The direction is read after the intents were noted: the authority of an entity changes only while it has no
     * intents, so an intent that is still there when its key is locked vouches for the direction.
     *
     * @return one outcome for each key
     * @throws MirrorOutageException if a database cannot be used; nothing is lost, try again later
     */
    public List<Outcome> reconcile(TableMapping mapping, List<Work> work) {
        Side authority = authority(mapping);
        Run run = new Run(mapping, authority);
        run.apply(work);
        return run.outcomes;
    }

    /** Returns the side that an entity's rows are copied from at this moment. */
    public Side authority(TableMapping mapping) {
        try {
            return AuthorityTable.find(databases.controlDsl(), mapping.entity())
                    .map(Standing::stage)
                    .orElseThrow(() -> new CrossfadeException("The control database does not know the entity '"
                            + mapping.entity() + "'. Start a service that has it, or check its name."))
                    .authority();
        } catch (DataAccessException e) {
            throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
        }
    }

    private Transfer transfer(Projection projection) {
        return databases.areShared() || projection.inPlace()
                ? new SharedTransfer(databases.control(), projection, patience)
                : new SeparateTransfer(databases, projection);
    }

    /** Of an entity, whose mapping stays the same while this lives. */
    private record Direction(String entity, Side authority) {}

    /** One call's batch being halved. */
    private final class Run {

        private final TableMapping mapping;
        private final Side authority;
        private final Transfer transfer;
        private final List<Outcome> outcomes = new ArrayList<>();
        private int failures;

        Run(TableMapping mapping, Side authority) {
            this.mapping = mapping;
            this.authority = authority;
            this.transfer = transfers.computeIfAbsent(
                    new Direction(mapping.entity(), authority), direction -> transfer(mapping.from(authority)));
        }

        void apply(List<Work> work) {
            if (work.isEmpty()) {
                return;
            }
            if (failures >= PATIENCE) {
                defer(work);
                return;
            }
            try {
                settle(work, transfer.apply(work));
            } catch (SQLException e) {
                failures++;
                failed(work, e);
            }
        }

        private void failed(List<Work> work, SQLException failure) {
            FailureClass kind = FailureClass.of(failure);
            listener.reconcileFailed(mapping.entity(), authority.opposite(), kind);
            boolean conflict = transfer.mayFitHalved(FailureClass.sqlState(failure)) && failures < HALVINGS;
            if (kind == FailureClass.OUTAGE && !conflict) {
                throw new MirrorOutageException(mapping.entity(), authority.opposite(), failure);
            }
            if (work.size() > 1) {
                apply(work.subList(0, work.size() / 2));
                apply(work.subList(work.size() / 2, work.size()));
            } else if (kind == FailureClass.POISON) {
                miss(work.getFirst(), failure);
            } else {
                defer(work);
            }
        }

        private void settle(List<Work> work, Transfer.Result result) {
            Set<Work> done = new HashSet<>(result.done());
            Set<Work> gone = new HashSet<>(result.gone());
            for (Work one : work) {
                if (gone.contains(one)) {
                    continue;
                }
                SQLException refusal = result.refused().get(one);
                if (refusal != null) {
                    FailureClass kind = FailureClass.of(refusal);
                    listener.reconcileFailed(mapping.entity(), authority.opposite(), kind);
                    if (kind == FailureClass.POISON) {
                        miss(one, refusal);
                        continue;
                    }
                }
                outcomes.add(done.contains(one) ? new Outcome.Applied(one.key()) : new Outcome.Deferred(one.key()));
            }
            settleGone(result.gone());
            listener.keysReconciled(mapping.entity(), authority.opposite(), done.size());
        }

        /** Whoever has dealt with a key may have recorded it as missed, and has done so before its intents went. */
        private void settleGone(List<Work> gone) {
            if (gone.isEmpty()) {
                return;
            }
            try {
                Set<RecordKey> missed = missedWrites.stillMissed(
                        mapping.entity(), gone.stream().map(Work::key).toList());
                gone.stream()
                        .map(Work::key)
                        .map(key -> missed.contains(key) ? new Outcome.Missed(key) : new Outcome.Applied(key))
                        .forEach(outcomes::add);
            } catch (DataAccessException e) {
                throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
            }
        }

        private void defer(List<Work> work) {
            work.forEach(one -> outcomes.add(new Outcome.Deferred(one.key())));
        }

        /** The record comes before its intents go: a crash in between leaves both, and both are worked off. */
        private void miss(Work work, SQLException failure) {
            try {
                missedWrites.missed(mapping.entity(), work.key(), authority.opposite(), failure);
                try (Connection connection = databases.of(authority).getConnection()) {
                    Intents.delete(
                            connection,
                            mapping.entity(),
                            Intents.existing(connection, mapping.entity(), work.intents()));
                }
            } catch (SQLException | DataAccessException e) {
                throw new MirrorOutageException(mapping.entity(), authority.opposite(), e);
            }
            outcomes.add(new Outcome.Missed(work.key()));
        }
    }
}
