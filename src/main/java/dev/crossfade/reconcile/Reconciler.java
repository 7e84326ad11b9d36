package dev.crossfade.reconcile;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.OtherMappingException;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.control.StandingHold;
import dev.crossfade.control.TroubleLog;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.queue.RetrySettings;
import dev.crossfade.queue.TooLargeException;
import dev.crossfade.queue.UnexpectedException;
import dev.crossfade.reconcile.Transfer.Diagnosis;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Brings the mirror of keys up to date from the authoritative rows. A batch is applied as a whole. If the mirror
 * refuses a row, or something unexpected happens to it, that row is isolated so that it does not block the others.
 * Thread-safe.
 */
public final class Reconciler {

    /** How long, in one database, a writer of a key may have to wait for a command or a worker that copies it. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(1);

    /** After so many failures of one batch the rest of it waits for the next round. */
    private static final int PATIENCE = 64;

    /** After so many conflicts with other transactions a batch is not halved any more. */
    private static final int HALVINGS = 8;

    /** How often a deferred batch may be halved: enough for a batch of a drain to come down to one key. */
    private static final int HALVINGS_WHEN_PUT_OFF = 12;

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final TroubleLog defect = new TroubleLog(LOG, "Keys are applied again without unexpected errors.");
    private final Duration patience;
    private final Duration parentPatience;
    private final Databases databases;
    private final MissedWrites missedWrites;
    private final ReconcileListener listener;
    private final RetrySettings retries;
    private final Circles circles;
    private final Map<Projection, Transfer> transfers = new ConcurrentHashMap<>();

    /** Works on the given databases with {@link #USUAL_PATIENCE} and the usual retries. */
    public Reconciler(Databases databases, ReconcileListener listener) {
        this(databases, listener, USUAL_PATIENCE, RetrySettings.DEFAULTS);
    }

    /**
     * Works on the given databases.
     *
     * @param patience how long, in one database, a writer of a key may have to wait for a statement that copies it; a
     *         mirror that takes longer for a single row never gets that row
     * @param retries how keys that could not be applied are retried
     */
    public Reconciler(Databases databases, ReconcileListener listener, Duration patience, RetrySettings retries) {
        this(databases, listener, patience, retries, List::of);
    }

    private Reconciler(
            Databases databases,
            ReconcileListener listener,
            Duration patience,
            RetrySettings retries,
            Supplier<? extends Collection<TableMapping>> all) {
        this.retries = retries;
        this.patience = patience;
        this.parentPatience = retries.parentPatience();
        this.databases = databases;
        this.missedWrites = new MissedWrites(databases.controlDsl(), retries);
        this.listener = listener;
        this.circles = new Circles(databases, this, all, missedWrites, patience);
    }

    /**
     * Returns a reconciler that knows other entities too: if tables refer to each other in a cycle, it applies rows
     * together with the rows of those entities that they need.
     *
     * @param all the entities, asked when they are needed
     */
    public Reconciler beside(Supplier<? extends Collection<TableMapping>> all) {
        return new Reconciler(databases, listener, patience, retries, all);
    }

    /**
     * Applies those of the given keys that still have one of their intents.
     *
     * <p>The direction is read here, and proven in the transaction that writes the mirror, which the flip waits for.
     * If it has changed meanwhile, or the entity has no mirror or is frozen, the keys wait.
     *
     * @return one outcome for each key
     * @throws MirrorOutageException if a database cannot be used; nothing is lost, try again later
     */
    public List<Outcome> reconcile(TableMapping mapping, List<PendingKey> work) {
        return reconcile(mapping, work, parentPatience, Diagnosis.BY_RULE);
    }

    /**
     * As {@link #reconcile}, for keys that are recorded as missed already: a key that still has to wait is recorded
     * so at once, and a refused row was really tried, never left out by a rule, so that no row is parked for faults
     * of others.
     */
    List<Outcome> retry(TableMapping mapping, List<PendingKey> work) {
        return reconcile(mapping, work, Duration.ZERO, Diagnosis.BY_TRIAL);
    }

    private List<Outcome> reconcile(
            TableMapping mapping, List<PendingKey> work, Duration waiting, Diagnosis diagnosis) {
        Standing seen = standing(mapping);
        if (!seen.stage().mirrors()) {
            return deferred(work);
        }
        return new Run(mapping, seen, waiting, diagnosis).outcomes(work);
    }

    private static List<Outcome> deferred(List<PendingKey> work) {
        return work.stream()
                .<Outcome>map(one -> new Outcome.Deferred(one.key()))
                .toList();
    }

    /** Returns the hold of an entity at the given standing. */
    StandingHold hold(TableMapping mapping, Standing seen) {
        return new StandingHold(databases, mapping.entity(), mapping.fingerprint(), seen);
    }

    /** Returns the side that is authoritative for an entity now. */
    public Side authority(TableMapping mapping) {
        return standing(mapping).stage().authority();
    }

    /** Returns the present standing of an entity. */
    public Standing standing(TableMapping mapping) {
        try {
            return AuthorityTable.find(databases.controlDsl(), mapping.entity())
                    .orElseThrow(() -> new CrossfadeException("The control database does not know the entity '"
                            + mapping.entity() + "'. Start a service that has it, or check its name."));
        } catch (DataAccessException e) {
            throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
        }
    }

    /** Returns the transfer that applies the keys of a direction. */
    Transfer transferOf(Projection projection) {
        return transfers.computeIfAbsent(projection, this::transfer);
    }

    private Transfer transfer(Projection projection) {
        return projection.sidesShareTransaction(databases)
                ? new SharedTransfer(databases.control(), projection, patience)
                : new SeparateTransfer(databases, projection);
    }

    /** The batch of one call, halved as needed. */
    private final class Run {

        private final TableMapping mapping;
        private final Side authority;
        private final StandingHold hold;
        private final Diagnosis diagnosis;
        private final Transfer transfer;
        private final ValueHolders holders;
        private final RefusedKeys refusedKeys;
        private final List<Outcome> outcomes = new ArrayList<>();
        private int failures;
        /** The most keys to try at once, after more took too long or too much memory. */
        private int fits = Integer.MAX_VALUE;
        /** How many batches were deferred as a whole because they took too long. */
        private int putOff;

        Run(TableMapping mapping, Standing seen, Duration waiting, Diagnosis diagnosis) {
            this.mapping = mapping;
            this.authority = seen.stage().authority();
            this.hold = hold(mapping, seen);
            this.diagnosis = diagnosis;
            this.transfer = transferOf(mapping.from(authority));
            this.holders = new ValueHolders(transfer, hold, diagnosis, missedWrites);
            this.refusedKeys = new RefusedKeys(databases, missedWrites, mapping.entity(), authority, waiting);
        }

        List<Outcome> outcomes(List<PendingKey> work) {
            int width = mapping.legacy().key().size();
            List<PendingKey> readable = new ArrayList<>();
            for (PendingKey one : work) {
                if (one.key().values().size() == width) {
                    readable.add(one);
                } else {
                    refusedKeys.add(one, misfit(one.key(), width));
                }
            }
            apply(readable);
            outcomes.addAll(refusedKeys.record(outcomes));
            Set<RecordKey> asked = work.stream().map(PendingKey::key).collect(Collectors.toSet());
            return outcomes.stream().filter(one -> asked.contains(one.key())).toList();
        }

        /** The columns of the key have changed since it was noted, or another mapping noted it. */
        private SQLException misfit(RecordKey key, int width) {
            return new SQLException(
                    "the key has %s values, and the mapping has %s key columns"
                            .formatted(key.values().size(), width),
                    SqlState.UNREADABLE_KEY);
        }

        private void apply(List<PendingKey> work) {
            if (work.isEmpty()) {
                return;
            }
            if (failures >= PATIENCE) {
                outcomes.addAll(deferred(work));
                return;
            }
            try {
                if (work.size() > fits || transfer.isTooLarge(work)) {
                    applyHalves(work);
                    return;
                }
                Transfer.Result result = transfer.apply(work, hold, diagnosis);
                if (result.isPutOff() && work.size() > 1 && putOff < HALVINGS_WHEN_PUT_OFF) {
                    putOff++;
                    applyHalves(work);
                } else {
                    Transfer.Result complete = circles.bringIn(mapping, authority, holders.bringIn(result));
                    List<PendingKey> all = new ArrayList<>(work);
                    all.addAll(ValueHolders.broughtIn(work, complete));
                    settle(all, complete);
                }
            } catch (StandingChangedException | OtherMappingException | FrozenException e) {
                LOG.debug("{}: its keys wait.", mapping.entity(), e);
                outcomes.addAll(deferred(work));
            } catch (CrossfadeException e) {
                throw e;
            } catch (SQLException e) {
                failures++;
                failed(work, TooLargeException.of(e));
            } catch (OutOfMemoryError e) {
                failures++;
                failed(work, TooLargeException.of(e));
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                failures++;
                failed(work, UnexpectedException.of(e));
            }
        }

        private void applyHalves(List<PendingKey> work) {
            apply(work.subList(0, work.size() / 2));
            apply(work.subList(work.size() / 2, work.size()));
        }

        private void failed(List<PendingKey> work, SQLException failure) {
            FailureClass kind = FailureClass.of(failure);
            listener.reconcileFailed(mapping.entity(), authority.opposite(), kind);
            boolean conflict = transfer.mayFitHalved(FailureClass.sqlState(failure)) && failures < HALVINGS;
            if (kind == FailureClass.OUTAGE && !conflict) {
                throw new MirrorOutageException(mapping.entity(), authority.opposite(), failure);
            }
            if (work.size() > 1) {
                if (conflict || failure instanceof TooLargeException) {
                    // Another batch of this size would only waste time and fail.
                    fits = Math.min(fits, Math.max(1, work.size() / 2));
                }
                applyHalves(work);
            } else if (kind == FailureClass.OUTAGE) {
                outcomes.addAll(deferred(work));
            } else {
                refusedKeys.add(work.getFirst(), failure);
                if (failure instanceof UnexpectedException) {
                    defect.failed(
                            Level.ERROR,
                            "%s: a key is recorded as missed: %s"
                                    .formatted(
                                            mapping.entity(),
                                            ServerMessage.sentence(String.valueOf(failure.getMessage()))),
                            null);
                    LOG.debug("{}: the whole exception, which may quote values.", mapping.entity(), failure);
                }
            }
        }

        private void settle(List<PendingKey> work, Transfer.Result result) {
            Set<PendingKey> done = new HashSet<>(result.done());
            Set<PendingKey> gone = new HashSet<>(result.gone());
            for (PendingKey one : work) {
                if (gone.contains(one)) {
                    continue;
                }
                SQLException refusal = result.refused().get(one);
                if (refusal != null && FailureClass.of(refusal) != FailureClass.OUTAGE) {
                    listener.reconcileFailed(mapping.entity(), authority.opposite(), FailureClass.of(refusal));
                    refusedKeys.add(one, refusal);
                } else {
                    outcomes.add(done.contains(one) ? new Outcome.Applied(one.key()) : new Outcome.Deferred(one.key()));
                }
            }
            settleGone(result.gone());
            listener.keysReconciled(mapping.entity(), authority.opposite(), done.size());
            defect.succeeded();
        }

        /** Whoever has dealt with a key may have recorded it as missed, and has done so before its intents went. */
        private void settleGone(List<PendingKey> gone) {
            if (gone.isEmpty()) {
                return;
            }
            try {
                Set<RecordKey> missed = missedWrites.stillMissed(
                        mapping.entity(), gone.stream().map(PendingKey::key).toList());
                gone.stream()
                        .map(PendingKey::key)
                        .map(key -> missed.contains(key) ? new Outcome.Missed(key) : new Outcome.Applied(key))
                        .forEach(outcomes::add);
            } catch (DataAccessException e) {
                throw new MirrorOutageException(mapping.entity(), Side.LEGACY, e);
            }
        }
    }
}
