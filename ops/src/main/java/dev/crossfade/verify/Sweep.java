package dev.crossfade.verify;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FrozenException;
import dev.crossfade.control.StandingChangedException;
import dev.crossfade.gate.Gates;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.SettingChecks;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.LossyKeys;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.SweepRequests;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The anti-entropy sweep of one entity: it compares all keys of both sides range by range, again and again, at a
 * limited rate, and repairs what differs. It finds nothing while the live path, the applier and the worker do their
 * work. A difference was written past the service, or through a bug that nobody thought of.
 *
 * <p>A key that has an intent or a missed write is known to be behind, and is not reported. A key that seems different
 * is rechecked until it is at rest, as in a verification. A difference is repaired by an intent on the authoritative
 * side and the applier.
 *
 * <p>Its position is in the control schema: any process resumes where another one stopped, and one process at a time
 * sweeps an entity. Thread-safe.
 */
public final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int LARGEST_RANGE = 20_000;
    private static final int SMALLEST_RANGE = 100;
    private static final int LOOKED_UP = 1_000;
    /** The factor by which a range shrinks while a row in it cannot be compared. */
    private static final int RANGE_CUT = 8;
    /** How many keys of a held-back repair are named. */
    private static final int NAMED = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHORT_PAUSE = Duration.ofMillis(50);

    private final Databases databases;
    private final TableMapping mapping;
    private final Settings settings;
    private final SweepListener listener;
    private final Comparison comparison;
    private final Ranges ranges;
    private final Repair repair;
    private final MissedWrites missedWrites;

    /**
     * How fast and how often.
     *
     * @param rowsPerSecond the most legacy rows that it compares in a second; 0 for no sweep at all
     * @param interval from the end of one pass to the beginning of the next
     */
    public record Settings(int rowsPerSecond, Duration interval) {

        /** The settings used where nothing is set: 5,000 rows a second, and an hour between two passes. */
        public static final Settings DEFAULTS = new Settings(5_000, Duration.ofHours(1));

        /** Refuses settings that make no sense. */
        public Settings {
            new SettingChecks()
                    .atLeast("worker.sweep.rows.per.second", rowsPerSecond, 0)
                    .atLeast("worker.sweep.interval", interval, Duration.ZERO)
                    .refuse();
        }
    }

    /**
     * The result of one call.
     *
     * @param rows how many rows were compared
     * @param found how many unexplained differences there were
     * @param repaired how many of them were repaired
     * @param ended whether this call finished a pass
     * @param unfinished whether the call stopped within a pass
     */
    public record Turn(long rows, long found, long repaired, boolean ended, boolean unfinished) {

        /** Nothing was due. */
        public static final Turn NONE = new Turn(0, 0, 0, false, false);

        /** Returns the sum of this call and a later one. */
        public Turn and(Turn later) {
            return new Turn(
                    rows + later.rows, found + later.found, repaired + later.repaired, later.ended, later.unfinished);
        }

        private Turn and(SweepLog.SweptRange step, boolean last) {
            return new Turn(
                    rows + step.rows(),
                    found + step.differences().size(),
                    repaired + step.repaired().size(),
                    last,
                    !last);
        }
    }

    /** Creates a sweep of one entity that no other entity's rows depend on. */
    public Sweep(Databases databases, TableMapping mapping, Settings settings, SweepListener listener) {
        this(databases, mapping, List.of(mapping), settings, listener);
    }

    /**
     * Creates a sweep of an entity.
     *
     * @param all known entities; their rows may fit only together with this one's
     */
    public Sweep(
            Databases databases,
            TableMapping mapping,
            List<TableMapping> all,
            Settings settings,
            SweepListener listener) {
        this.databases = mapping.holding(databases);
        this.mapping = mapping;
        this.settings = settings;
        this.listener = listener;
        this.comparison = Comparison.of(this.databases, mapping);
        this.ranges = new Ranges(this.databases, mapping);
        this.repair = new Repair(this.databases, mapping, all);
        this.missedWrites = new MissedWrites(databases.controlDsl());
    }

    /** Returns the entity's name. */
    public String entity() {
        return mapping.entity();
    }

    /**
     * Resumes the unfinished pass, or begins the next one if it is due, for a limited time. Does nothing if none is
     * due, another process sweeps the entity, the entity has no mirror at its present stage, or its backfill is not
     * complete.
     *
     * @param longest the time after which it stops within the pass
     * @param stopping asked between ranges whether to stop at once
     * @throws UnavailableException if a database fails; the progress is kept
     * @throws dev.crossfade.control.OtherMappingException if the fleet uses another mapping
     */
    public Turn turn(Duration longest, BooleanSupplier stopping) {
        try {
            if (settings.rowsPerSecond() == 0 || mirrored().isEmpty() || !isCopied()) {
                return Turn.NONE;
            }
            AuthorityTable.requireMapping(databases.controlDsl(), entity(), mapping.fingerprint());
            new SweepRequests(databases).handOver(entity());
            SweepLog log = new SweepLog(databases.controlDsl(), entity());
            Optional<SweepLog.Claimed> pass = log.claim(settings.interval());
            return pass.isEmpty() ? Turn.NONE : sweep(log, pass.get(), Deadline.after(longest), stopping);
        } catch (DataAccessException e) {
            if (hasLostItsMirror(e)) {
                return Turn.NONE;
            }
            throw new UnavailableException(
                    "The sweep of %s was interrupted: %s It goes on where it stopped."
                            .formatted(entity(), ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    /** Returns the entity's stage and epoch, empty if it has no mirror or is frozen. */
    private Optional<Standing> mirrored() {
        return AuthorityTable.fence(databases.controlDsl(), entity())
                .filter(fence -> fence.frozen().isEmpty() && fence.hasMapping(mapping.fingerprint()))
                .map(Fence::standing)
                .filter(standing -> standing.stage().mirrors());
    }

    /** Tells whether the mirror was switched off meanwhile: its table may be gone when a range is compared. */
    private boolean hasLostItsMirror(DataAccessException failure) {
        try {
            return mirrored().isEmpty();
        } catch (DataAccessException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** Tells whether the backfill is complete. Rows that are not copied yet would all be missing. */
    private boolean isCopied() {
        return !Gates.backfillComplete(databases, mapping).isClosed();
    }

    private Turn sweep(SweepLog log, SweepLog.Claimed pass, Deadline end, BooleanSupplier stopping) {
        try {
            return ranges(log, pass, end, stopping);
        } catch (RuntimeException e) {
            releaseAfter(e, log, pass);
            throw e;
        }
    }

    /** Releases the claim after a failure. If that fails too, the claim expires by itself. */
    private static void releaseAfter(RuntimeException failure, SweepLog log, SweepLog.Claimed pass) {
        try {
            log.release(pass);
        } catch (DataAccessException e) {
            failure.addSuppressed(e);
        }
    }

    private Turn ranges(SweepLog log, SweepLog.Claimed pass, Deadline end, BooleanSupplier stopping) {
        int usual = Math.clamp(settings.rowsPerSecond(), SMALLEST_RANGE, LARGEST_RANGE);
        int size = usual;
        @Nullable RecordKey after = pass.position();
        Turn turn = Turn.NONE;
        do {
            long begun = System.nanoTime();
            Optional<Compared> next = compare(log, after, size);
            if (next.isEmpty()) {
                log.release(pass);
                return turn;
            }
            Compared compared = next.get();
            size = Math.min(usual, compared.size() * RANGE_CUT);
            after = compared.range().upTo();
            SweepLog.SweptRange step = compared.step();
            boolean held = log.advance(pass, step, after);
            report(step);
            turn = turn.and(step, after == null);
            if (!held) {
                return turn;
            }
            if (after != null) {
                rest(begun, step.rows(), stopping);
            }
        } while (after != null && !end.isOver() && !stopping.getAsBoolean());
        if (after == null) {
            listener.finished(entity(), log.read(pass));
        } else {
            log.release(pass);
        }
        return turn;
    }

    /**
     * The result of comparing a range.
     *
     * @param size the most rows that it has
     */
    private record Compared(KeyRange range, int size, SweepLog.SweptRange step) {}

    /**
     * Compares the next range. If a row in it cannot be compared, it takes fewer rows, and in the end leaves out that
     * row. Empty if the entity has no mirror any more, is frozen, or moves: the comparison then proves nothing.
     */
    private Optional<Compared> compare(SweepLog log, @Nullable RecordKey after, int largest) {
        for (int size = largest; ; size = Math.max(1, size / RANGE_CUT)) {
            Optional<Standing> seen = mirrored();
            if (seen.isEmpty()) {
                return Optional.empty();
            }
            KeyRange range = ranges.after(after, size);
            try {
                SweepLog.SweptRange step = compare(log, range, seen.get());
                return mirrored().equals(seen) ? Optional.of(new Compared(range, size, step)) : Optional.empty();
            } catch (StandingChangedException | FrozenException e) {
                LOG.debug("{}: the sweep rests.", entity(), e);
                return Optional.empty();
            } catch (DataAccessException | UnavailableException e) {
                if (FailureClass.of(e) != FailureClass.POISON) {
                    throw e;
                }
                if (size == 1) {
                    listener.unreadable(entity(), ServerMessage.withoutValues(e));
                    return Optional.of(new Compared(range, size, SweepLog.SweptRange.UNREADABLE));
                }
            }
        }
    }

    private SweepLog.SweptRange compare(SweepLog log, KeyRange range, Standing seen) {
        Recheck recheck = repair.recheck(seen, PATIENCE);
        Comparison.Seen compared = comparison.compare(range);
        Recheck.Settled settled = recheck.settle(unexplained(compared.suspects(), recheck));
        List<Difference> differences =
                settled.differences().isEmpty() ? List.of() : confirmed(settled.differences(), seen);
        long extra =
                differences.stream().filter(Difference.Extra.class::isInstance).count();
        long rows = compared.legacyRows() + extra;
        return differences.isEmpty()
                ? new SweepLog.SweptRange(rows, List.of(), List.of(), settled.restless(), 0, 0)
                : repairWithin(
                        log,
                        seen,
                        differences,
                        new SweepLog.SweptRange(rows, differences, List.of(), settled.restless(), 0, 0));
    }

    /**
     * Repairs what adds rows to the mirror. It deletes and overwrites rows only up to a limit per day, because nobody
     * watches a sweep.
     */
    private SweepLog.SweptRange repairWithin(
            SweepLog log, Standing seen, List<Difference> differences, SweepLog.SweptRange step) {
        List<Difference> destructive =
                BlastRadius.destructive(differences, seen.stage().authority());
        long allowed = destructive.isEmpty() ? 0 : repair.usualRadius(seen).allowed() - log.destroyedOfLate();
        boolean tooMany = destructive.size() > allowed;
        List<RecordKey> keys = differences.stream()
                .filter(difference -> !tooMany || !destructive.contains(difference))
                .map(Difference::key)
                .toList();
        List<RecordKey> repaired = repair(seen, keys);
        if (tooMany) {
            listener.heldBack(
                    entity(),
                    destructive.size(),
                    Math.max(0, allowed),
                    destructive.stream().map(Difference::key).limit(NAMED).toList());
        }
        return new SweepLog.SweptRange(
                step.rows(),
                differences,
                repaired,
                step.restless(),
                tooMany ? 0 : destructive.size(),
                tooMany ? destructive.size() : 0);
    }

    /** Repairs keys. Those that cannot be repaired now count as found: they have their intents, or are found again. */
    private List<RecordKey> repair(Standing seen, List<RecordKey> keys) {
        try {
            return keys.isEmpty() ? List.of() : repaired(seen, keys);
        } catch (StandingChangedException | FrozenException e) {
            throw e;
        } catch (CrossfadeException | DataAccessException e) {
            LOG.debug("{}: a repair was interrupted.", entity(), e);
            return List.of();
        }
    }

    private List<RecordKey> repaired(Standing seen, List<RecordKey> keys) {
        repair.apply(seen, keys);
        Set<RecordKey> left = new HashSet<>(missed(keys));
        repair.recheck(seen, PATIENCE).settle(keys).differences().forEach(difference -> left.add(difference.key()));
        return keys.stream().filter(key -> !left.contains(key)).toList();
    }

    /** Returns the keys that are not known to be behind. */
    private List<RecordKey> unexplained(List<RecordKey> keys, Recheck recheck) {
        Set<RecordKey> known = missed(keys);
        for (List<RecordKey> some : slices(keys)) {
            known.addAll(recheck.pending(some));
        }
        return keys.stream().filter(key -> !known.contains(key)).toList();
    }

    /**
     * Rechecks keys. A key is recorded as missed before its intents are deleted, so once its intents are gone, that
     * record is visible. If the authority has moved meanwhile, the other side's intents would have been the right ones
     * to read, so it returns nothing.
     */
    private List<Difference> confirmed(List<Difference> differences, Standing seen) {
        List<RecordKey> keys = differences.stream().map(Difference::key).toList();
        List<Difference> again = repair.recheck(seen, PATIENCE).settle(keys).differences();
        Set<RecordKey> missed = missed(keys);
        if (!mirrored().equals(Optional.of(seen))) {
            return List.of();
        }
        Map<RecordKey, Set<String>> lossy = lossy(keys, seen);
        return again.stream()
                .filter(difference -> !missed.contains(difference.key()) && !isLossy(difference, lossy))
                .toList();
    }

    /**
     * Returns the columns that the legacy side is known not to give back. They differ as long as the modern side is
     * authoritative, and no repair helps.
     */
    private Map<RecordKey, Set<String>> lossy(List<RecordKey> keys, Standing seen) {
        Map<RecordKey, Set<String>> lossy = new HashMap<>();
        if (seen.stage().authority() == Side.MODERN) {
            slices(keys).forEach(some -> lossy.putAll(LossyKeys.columnsOf(databases.controlDsl(), entity(), some)));
        }
        return lossy;
    }

    private static boolean isLossy(Difference difference, Map<RecordKey, Set<String>> lossy) {
        return difference instanceof Difference.Different
                && lossy.getOrDefault(difference.key(), Set.of()).containsAll(difference.columns());
    }

    private Set<RecordKey> missed(List<RecordKey> keys) {
        Set<RecordKey> missed = new HashSet<>();
        for (List<RecordKey> some : slices(keys)) {
            missed.addAll(missedWrites.stillMissed(entity(), some));
        }
        return missed;
    }

    private static List<List<RecordKey>> slices(List<RecordKey> keys) {
        List<List<RecordKey>> slices = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += LOOKED_UP) {
            slices.add(keys.subList(from, Math.min(keys.size(), from + LOOKED_UP)));
        }
        return slices;
    }

    private void report(SweepLog.SweptRange step) {
        listener.compared(entity(), step.rows());
        if (!step.differences().isEmpty()) {
            listener.found(entity(), step.differences(), step.repaired().size());
        }
    }

    /** Waits until the time for these rows has passed. */
    private void rest(long begun, long rows, BooleanSupplier stopping) {
        long until = begun + TimeUnit.SECONDS.toNanos(rows) / settings.rowsPerSecond();
        boolean interrupted = false;
        while (!interrupted && System.nanoTime() < until && !stopping.getAsBoolean()) {
            long left = Math.max(1, until - System.nanoTime());
            interrupted = !Pause.unlessInterrupted(Duration.ofNanos(Math.min(SHORT_PAUSE.toNanos(), left)));
        }
    }
}
