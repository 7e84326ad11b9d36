package dev.crossfade.backfill;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.BackfillTable;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.control.Evidence;
import dev.crossfade.control.StandingHold;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.gate.Barrier;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.SettingChecks;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.TooLargeException;
import dev.crossfade.queue.UnexpectedException;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import dev.crossfade.sql.SqlState;
import dev.crossfade.time.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Copies the rows that an entity had before its writes were mirrored. It goes in key order, up to a bound fixed at the
 * start. It inserts and never overwrites, because whatever is on the modern side already came from a later write. Each
 * batch commits its checkpoint, so an interrupted backfill resumes where it stopped, in this process or another. One
 * backfill of an entity runs at a time.
 *
 * <p>A row that does not fit the modern table is recorded as a missed write and does not hold up the others.
 */
public final class Backfill {

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration SILENT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Databases databases;
    private final TableMapping mapping;
    private final List<TableMapping> all;
    private final Settings settings;
    private final BackfillListener listener;
    private final BatchCopy copy;
    private final LegacyRows legacyRows;
    private volatile boolean stopped;

    /**
     * The size of a backfill's batches, and its rate.
     *
     * @param batchRows rows in a transaction, at least 1
     * @param rowsPerSecond the highest rate, 0 for no limit
     */
    public record Settings(int batchRows, int rowsPerSecond) {

        /** The settings used where nothing is set. */
        public static final Settings DEFAULTS = new Settings(1000, 0);

        /** Refuses settings that make no sense. */
        public Settings {
            new SettingChecks()
                    .atLeast("batchRows", batchRows, 1)
                    .atLeast("rowsPerSecond", rowsPerSecond, 0)
                    .refuse();
        }
    }

    /**
     * The result of a run.
     *
     * @param rowsRead rows read in this run
     * @param rowsWritten how many of these were inserted on the modern side
     * @param rowsMissed how many of these did not fit
     * @param complete whether the backfill is complete now
     * @param nothingToDo whether it had been complete before
     */
    public record Result(
            String entity,
            long rowsRead,
            long rowsWritten,
            long rowsMissed,
            boolean complete,
            boolean nothingToDo,
            Duration took) {}

    /** Creates a backfill of one entity that no other entity's rows depend on. */
    public Backfill(Databases databases, TableMapping mapping, Settings settings, BackfillListener listener) {
        this(databases, mapping, List.of(mapping), settings, listener);
    }

    /**
     * Creates a backfill of one entity.
     *
     * @param all known entities; their rows may fit only together with this one's
     */
    public Backfill(
            Databases databases,
            TableMapping mapping,
            List<TableMapping> all,
            Settings settings,
            BackfillListener listener) {
        this.all = List.copyOf(all);
        this.databases = databases;
        this.mapping = mapping;
        this.settings = settings;
        this.listener = listener;
        this.copy = BatchCopy.of(databases, mapping.from(Side.LEGACY));
        this.legacyRows = new LegacyRows(databases, mapping);
    }

    /**
     * Runs until the bound or until {@link #stop()}.
     *
     * @throws RefusedException if the entity is not mirrored, another backfill of it runs, or old transactions do not
     *     end
     * @throws UnavailableException if a database fails; run it again to resume
     */
    public Result run() {
        try (Connection lock = databases.control().getConnection()) {
            AuthorityTable.requireMapping(databases.controlDsl(), mapping.entity(), mapping.fingerprint());
            Standing standing = mirroredStanding();
            if (!tryLock(lock)) {
                throw new RefusedException("Another backfill of %s is running; see pg_locks. Wait for it, or stop it."
                        .formatted(mapping.entity()));
            }
            try {
                return runLocked(standing);
            } finally {
                Databases.dsl(lock).execute("select pg_advisory_unlock(hashtextextended(?, 0))", lockName());
            }
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        } catch (DataAccessException e) {
            throw new UnavailableException(
                    "The backfill of %s was interrupted: %s Run it again; it goes on from its checkpoint."
                            .formatted(mapping.entity(), ServerMessage.sentence(ServerMessage.withoutValues(e))),
                    e);
        }
    }

    /** Makes {@link #run} end after the current batch. Callable from any thread. */
    public void stop() {
        stopped = true;
    }

    private Result runLocked(Standing standing) {
        DSLContext control = databases.controlDsl();
        Optional<BackfillTable.Checkpoint> earlier = BackfillTable.find(control, mapping.entity())
                .filter(found -> found.startedAt().isAfter(mirroredSince()))
                .filter(this::isOfNow);
        if (earlier.isPresent() && earlier.get().finishedAt() != null) {
            return new Result(mapping.entity(), 0, 0, 0, true, true, Duration.ZERO);
        }
        if (earlier.isEmpty()) {
            new Barrier(databases, reason -> listener.waiting(mapping.entity(), reason)).pass(mapping, standing);
            Evidence evidence = mapping.proof(databases);
            BackfillTable.begin(
                    control, mapping.entity(), standing.epoch(), legacyRows.lastKey(), legacyRows.count(), evidence);
        }
        return new Run(
                        BackfillTable.find(control, mapping.entity()).orElseThrow(),
                        new StandingHold(databases, mapping.entity(), mapping.fingerprint(), standing))
                .go();
    }

    /**
     * Tells whether a checkpoint still applies. It does not if the table was recreated since, or the mapping has
     * changed: then everything is copied again.
     */
    private boolean isOfNow(BackfillTable.Checkpoint earlier) {
        Optional<String> contradiction = earlier.evidence()
                .map(evidence -> evidence.contradictionOfCopy(mapping.evidence(databases)))
                .orElse(Optional.of("nothing says with which mapping and tables it was made"));
        contradiction.ifPresent(reason -> listener.waiting(
                mapping.entity(), "the earlier backfill counts no more, and begins again: %s".formatted(reason)));
        return contradiction.isEmpty();
    }

    private Standing mirroredStanding() {
        Standing standing = AuthorityTable.find(databases.controlDsl(), mapping.entity())
                .orElseThrow(() -> new RefusedException(
                        "No service has registered the entity '%s' yet. Start one, and move it to dual-write."
                                .formatted(mapping.entity())));
        if (standing.stage().authority() != Side.LEGACY || !standing.stage().mirrors()) {
            throw new RefusedException(
                    "%s stands at %s; rows are backfilled from dual-write to modern-read. Run `crossfade stage %s --to dual-write` first."
                            .formatted(mapping.entity(), standing.stage().label(), mapping.entity()));
        }
        return standing;
    }

    private OffsetDateTime mirroredSince() {
        return StageHistory.lastMove(
                        databases.controlDsl(), mapping.entity(), Stage.LEGACY_ONLY.name(), Stage.DUAL_WRITE.name())
                .orElse(OffsetDateTime.MIN);
    }

    private boolean tryLock(Connection connection) {
        return Boolean.TRUE.equals(Databases.dsl(connection)
                .fetchSingle("select pg_try_advisory_lock(hashtextextended(?, 0))", lockName())
                .get(0, Boolean.class));
    }

    private String lockName() {
        return "crossfade/backfill/" + mapping.entity();
    }

    /** The batches of one run. */
    private final class Run {

        private final long start = System.nanoTime();
        private final BackfillTable.Checkpoint from;
        private final StandingHold hold;
        private final MissedRows missedRows;
        private KeyRange range;
        private final BatchSize size = new BatchSize(settings.batchRows());
        private int gaveWay;
        private long gaveWayFirst;
        private long read;
        private long written;
        private long missed;

        Run(BackfillTable.Checkpoint from, StandingHold hold) {
            this.from = from;
            this.hold = hold;
            this.missedRows = new MissedRows(databases, mapping, all, hold);
            this.range = new KeyRange(from.checkpoint(), from.upper());
        }

        Result go() {
            boolean more = from.upper() != null;
            while (more && !stopped) {
                more = nextBatch();
                pace();
            }
            if (!more) {
                int applied = missedRows.bringIn(() -> stopped);
                missed = Math.max(0, missed - applied);
                written += applied;
                if (!stopped) {
                    finish();
                }
            }
            return new Result(
                    mapping.entity(),
                    read,
                    written,
                    missed,
                    !more && !stopped,
                    false,
                    Duration.ofNanos(System.nanoTime() - start));
        }

        /** Completes the backfill, unless the table was replaced meanwhile: the copied rows went with the old one. */
        private void finish() {
            Evidence now = mapping.proof(databases);
            from.evidence().flatMap(begun -> begun.contradictionOfCopy(now)).ifPresent(contradiction -> {
                throw new RefusedException(
                        "The backfill of %s is not complete: while it ran something changed under it: %s. Run it again; it begins from the first row."
                                .formatted(mapping.entity(), contradiction));
            });
            BackfillTable.finish(databases.controlDsl(), mapping.entity(), from.startedAt(), now);
        }

        /** Copies a batch. If a row does not fit, the batch shrinks until that row is alone. */
        private boolean nextBatch() {
            long began = System.nanoTime();
            try {
                boolean more = copyBatch();
                size.wentThrough(Duration.ofNanos(System.nanoTime() - began));
                gaveWay = 0;
                return more;
            } catch (OutOfMemoryError e) {
                return failed(TooLargeException.of(e));
            } catch (SQLException e) {
                return failed(TooLargeException.of(e));
            }
        }

        private boolean failed(SQLException e) {
            FailureClass kind = FailureClass.of(e);
            if (isInTheWay(e) && (gaveWay == 0 || givingWay().compareTo(PATIENCE) < 0)) {
                giveWay();
                return true;
            }
            if (kind == FailureClass.OUTAGE) {
                throw legacyRows.interrupted(e);
            }
            if (size.isOneRow()) {
                miss(e);
                gaveWay = 0;
            } else {
                size.shrink();
            }
            return true;
        }

        /**
         * Tells whether a batch ran into one of its limits. A batch of one row has no time limit, so whoever cancels
         * it means it.
         */
        private boolean isInTheWay(SQLException failure) {
            String state = FailureClass.sqlState(failure);
            return SqlState.isConflict(state) || (SqlState.QUERY_CANCELED.equals(state) && !size.isOneRow());
        }

        /** Backs off for those who have locked rows of the batch, then retries with fewer rows. */
        private void giveWay() {
            if (gaveWay++ == 0) {
                gaveWayFirst = System.nanoTime();
            }
            size.shrink();
            if (givingWay().compareTo(SILENT) > 0) {
                listener.waiting(
                        mapping.entity(),
                        "the next rows are locked by others, see pg_locks, or the modern side is slow; batches of %s are tried"
                                .formatted(size.rows()));
            }
            pause(Duration.ofMillis(Math.min(50L * gaveWay, LONGEST_PAUSE.toMillis())));
        }

        private Duration givingWay() {
            return Duration.ofNanos(System.nanoTime() - gaveWayFirst);
        }

        private boolean copyBatch() throws SQLException {
            try (Connection legacy = databases.legacy().getConnection()) {
                try {
                    CanonicalTransaction.begin(legacy, size.limits());
                    Optional<BatchCopy.Copied> batch = copied(legacy);
                    if (batch.isPresent()) {
                        BatchCopy.Copied copied = batch.get();
                        missedRows.note(legacy, copied.waiting());
                        BackfillTable.advance(
                                Databases.dsl(legacy),
                                mapping.entity(),
                                from.startedAt(),
                                copied.last(),
                                copied.read(),
                                copied.written());
                        legacy.commit();
                        missed += copied.waiting().size();
                        advanced(copied.last(), copied.read(), copied.written());
                    } else {
                        legacy.rollback();
                    }
                    return batch.isPresent();
                } catch (DataAccessException e) {
                    CanonicalTransaction.rollBack(legacy, e);
                    throw LegacyRows.cause(e);
                } catch (SQLException | RuntimeException | Error e) {
                    CanonicalTransaction.rollBack(legacy, e);
                    throw e;
                } finally {
                    CanonicalTransaction.giveBack(legacy);
                }
            }
        }

        /** Copies the next rows. An unexpected failure is narrowed down to one row, as for a row that does not fit. */
        private Optional<BatchCopy.Copied> copied(Connection legacy) throws SQLException {
            try {
                return copy.copy(legacy, range, size, hold);
            } catch (CrossfadeException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError | AssertionError e) {
                throw UnexpectedException.of(e);
            }
        }

        /**
         * Records the next row as missed and moves the checkpoint past it, under a lock that keeps the authority from
         * moving.
         */
        private void miss(SQLException failure) {
            RecordKey key = legacyRows.first(range);
            if (key == null) {
                return;
            }
            try {
                missedRows.pass(key, from.startedAt(), failure);
            } catch (SQLException e) {
                throw legacyRows.interrupted(e);
            }
            missed++;
            advanced(key, 1, 0);
        }

        private void advanced(RecordKey last, long rowsRead, long rowsWritten) {
            range = range.after(last);
            read += rowsRead;
            written += rowsWritten;
            listener.batchCopied(new Progress(
                    mapping.entity(),
                    from.read() + read,
                    Math.max(from.total(), from.read() + read),
                    read,
                    Duration.ofNanos(System.nanoTime() - start)));
        }

        /** Waits as long as this run is ahead of its rate. */
        private void pace() {
            if (settings.rowsPerSecond() > 0 && !stopped) {
                long due = start + read * 1_000_000_000L / settings.rowsPerSecond();
                pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            }
        }

        private void pause(Duration duration) {
            if (!Pause.unlessInterrupted(duration)) {
                stopped = true;
            }
        }
    }
}
