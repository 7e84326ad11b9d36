package dev.crossfade.verify;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.Outcome;
import dev.crossfade.reconcile.ParentsFirst;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.sql.ServerEncoding;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings the mirror of keys up to date through the applier. Each key gets an intent on the authoritative side, so
 * whatever happens in between, the worker finishes the repair. Intents and applier check that the entity is still at
 * the stage where the keys were found different.
 */
final class Repair {

    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Databases databases;
    private final TableMapping mapping;
    private final Reconciler reconciler;

    Repair(Databases databases, TableMapping mapping, List<TableMapping> all) {
        this.databases = mapping.holding(databases);
        this.mapping = mapping;
        this.reconciler = new Reconciler(this.databases, ReconcileListener.NONE).beside(() -> all);
    }

    /** Returns the entity's present stage and epoch. */
    Standing standing() {
        return reconciler.standing(mapping);
    }

    /** Returns what keeps the entity at the stage where it was seen. */
    StandingHold hold(Standing seen) {
        return new StandingHold(databases, mapping.entity(), mapping.fingerprint(), seen);
    }

    /**
     * Makes sure that there is something to repair.
     *
     * @throws dev.crossfade.control.StandingChangedException if the entity has no mirror
     * @throws FrozenException if it is frozen
     */
    void requireAllowed() {
        hold(standing()).requireMirror();
        AuthorityTable.fence(databases.controlDsl(), mapping.entity())
                .flatMap(Fence::frozen)
                .ifPresent(reason -> {
                    throw new FrozenException(mapping.entity(), reason);
                });
    }

    /** Creates a recheck of keys at the stage where the entity was seen. */
    Recheck recheck(Standing seen, Duration patience) {
        return new Recheck(databases, mapping, seen.stage().authority(), patience);
    }

    /** Returns the default limit of mirror rows that may be deleted or overwritten. */
    BlastRadius usualRadius(Standing seen) {
        Side mirror = seen.stage().authority().opposite();
        return BlastRadius.usual(new SideReader(databases).count(mapping.relation(mirror), mirror));
    }

    /**
     * Repairs keys.
     *
     * @param seen the stage and epoch at which they were found different
     * @throws dev.crossfade.control.StandingChangedException if the stage or epoch has changed; the rest is left
     *     undone
     * @throws dev.crossfade.control.FrozenException if it is frozen
     */
    void apply(Standing seen, Collection<RecordKey> keys) {
        // A key with characters that the authoritative database's encoding lacks cannot be noted there: it stays a
        // difference.
        ServerEncoding encoding = ServerEncoding.of(databases.dsl(seen.stage().authority()));
        List<RecordKey> all = inOrder(seen, keys.stream().filter(encoding::has).toList());
        for (int from = 0; from < all.size(); from += BATCH) {
            List<PendingKey> work = note(seen, all.subList(from, Math.min(all.size(), from + BATCH)));
            Deadline deadline = Deadline.after(PATIENCE);
            while (!work.isEmpty() && !deadline.isOver()) {
                work = deferred(work, reconciler.reconcile(mapping, work));
                if (!work.isEmpty()) {
                    Pause.of(PAUSE, e -> new CrossfadeException("The repair was interrupted.", e));
                }
            }
        }
    }

    /** Returns the keys with parents first. A row noted before the one that it refers to would wait in vain. */
    private List<RecordKey> inOrder(Standing seen, Collection<RecordKey> keys) {
        try {
            return new ParentsFirst(databases, mapping.from(seen.stage().authority())).order(keys);
        } catch (SQLException e) {
            throw new UnavailableException(
                    "The rows of %s to repair cannot be read on the %s side: %s Run it again."
                            .formatted(
                                    mapping.entity(),
                                    seen.stage().authority().label(),
                                    ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    private List<PendingKey> note(Standing seen, List<RecordKey> keys) {
        try {
            return Intents.note(hold(seen), keys).stream().map(Repair::work).toList();
        } catch (SQLException e) {
            throw new UnavailableException(
                    "The keys of %s to repair cannot be noted on the %s side: %s Run it again."
                            .formatted(
                                    mapping.entity(),
                                    seen.stage().authority().label(),
                                    ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    private static List<PendingKey> deferred(List<PendingKey> work, List<Outcome> outcomes) {
        Set<RecordKey> waiting = new HashSet<>(outcomes.stream()
                .filter(Outcome.Deferred.class::isInstance)
                .map(Outcome::key)
                .toList());
        return work.stream().filter(one -> waiting.contains(one.key())).toList();
    }

    private static PendingKey work(Intent intent) {
        return new PendingKey(intent.key(), List.of(intent));
    }
}
