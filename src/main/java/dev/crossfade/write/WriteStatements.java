package dev.crossfade.write;

import dev.crossfade.control.AuthorityLock;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.statement.GivenCheck;
import dev.crossfade.statement.GivenSql;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowBinding;
import dev.crossfade.statement.WayBackSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The rendered statements of one entity and one authoritative side, for one row or for many, with the prefixes that
 * hold the authority lock and limit the mirror's time. Each combination takes one round trip.
 */
final class WriteStatements {

    private static final TextStatement FENCE = new TextStatement("""
            select pg_advisory_xact_lock_shared(hashtextextended(?, 0));
            select crossfade.require_epoch(?, cast(? as bigint))\
            """);
    /** The statement timeout includes waits for locks. */
    private static final TextStatement BUDGET = new TextStatement("select set_config('statement_timeout', ?, true)");
    /**
     * In a serializable transaction the mirror's part would leave SIREAD locks, even after it was rolled back, which
     * could fail the caller's commit: an intent replaces it there.
     */
    private static final TextStatement NOT_SERIALIZABLE = new TextStatement("""
            savepoint crossfade_mirror;
            select case when current_setting('transaction_isolation') = 'serializable'
                   then crossfade.require_new_snapshot() end\
            """);

    private static final TextStatement BEGIN_MIRROR = new TextStatement("""
            select set_config('crossfade.statement_timeout', current_setting('statement_timeout'), true);
            select set_config('statement_timeout', ?, true)\
            """).after(NOT_SERIALIZABLE);
    /** The budget ends before the savepoint does: a timeout after the release could not be rolled back. */
    private static final TextStatement END_MIRROR = new TextStatement("""
            select set_config('statement_timeout', current_setting('crossfade.statement_timeout'), true);
            release savepoint crossfade_mirror\
            """);

    private static final TextStatement NEW_SNAPSHOT = new TextStatement("select crossfade.require_new_snapshot()");
    private static final TextStatement UNDO_MIRROR =
            new TextStatement("rollback to savepoint crossfade_mirror; release savepoint crossfade_mirror");
    private static final TextStatement GUARD = new TextStatement("savepoint crossfade_guard");
    private static final TextStatement UNDO_GUARD =
            new TextStatement("rollback to savepoint crossfade_guard; release savepoint crossfade_guard");

    /** Whether the stage is held by lock and epoch before a statement; otherwise the statement checks the lease. */
    final boolean fenced;
    /** Refuses a writer whose stage is stale: by the fence, or by a check of the lease. */
    final TextStatement permit;

    final SaveStatements saving;
    final TextStatement delete;
    final TextStatement permittedDelete;
    final TextStatement deleteAndNote;
    final TextStatement note;
    /**
     * Locks the authoritative rows that nobody else has locked, so that {@link #undoMirror} can roll its failure
     * back.
     */
    final TextStatement lockFree;

    final TextStatement mirrorSaved;
    final TextStatement mirrorDeleted;
    final TextStatement mirrorBoth;
    /** Whether an upsert and its projection may share a statement. */
    final boolean combinable;
    /** Whether writes of the mirror note keys whose row it cannot give back. */
    private final boolean notesWayBack;

    private final RowBinding binding;

    /**
     * Renders the statements.
     *
     * @param binding for one row or for many
     * @param fenced whether the stage is held by lock and epoch; else the instance's lease is enough
     * @param combinable whether an upsert and its projection may share a statement
     * @param check the columns of saved records that are compared with what comes back; nothing where the modern side
     *         decides
     */
    WriteStatements(Projection projection, RowBinding binding, boolean fenced, boolean combinable, GivenCheck check) {
        ProjectionSql plain = new ProjectionSql(projection, binding).routed();
        ProjectionSql sql = fenced ? plain : plain.leased();
        UnaryOperator<TextStatement> permitted = statement -> fenced ? statement.after(FENCE) : statement;
        boolean inPlace = projection.inPlace();
        this.binding = binding;
        this.fenced = fenced;
        this.permit = fenced ? FENCE : plain.lease();
        TextStatement save = plain.save();
        this.saving = new SaveStatements(
                projection.mapping().entity(),
                projection.source().key().size(),
                new SaveStatements.Texts(
                        save,
                        permitted.apply(sql.save()),
                        permitted.apply(sql.saveAndNote()),
                        combinable ? permitted.apply(sql.saveAndMirror().after(BUDGET)) : save,
                        WayBackSql.isNeeded(projection)),
                check.isEmpty()
                        ? null
                        : looking(
                                GivenSql.of(projection, binding, check, false),
                                GivenSql.of(projection, binding, check, !fenced),
                                permitted,
                                combinable));
        this.delete = plain.delete();
        this.permittedDelete = permitted.apply(sql.delete());
        this.deleteAndNote = permitted.apply(sql.deleteAndNote());
        this.note = sql.note();
        this.lockFree = new TextStatement("release savepoint crossfade_mirror")
                .after(sql.lockFreeSource())
                .after(NOT_SERIALIZABLE);
        this.combinable = combinable;
        TextStatement end = END_MIRROR.after(settled(projection.target()));
        this.notesWayBack = WayBackSql.isNeeded(projection);
        WayBackSql wayBack = new WayBackSql(projection, binding);
        TextStatement present = notesWayBack ? wayBack.mirrorPresent() : sql.mirrorPresent();
        TextStatement absent = absent(sql, wayBack, inPlace).after(NEW_SNAPSHOT);
        this.mirrorSaved = end.after(present).after(BEGIN_MIRROR);
        this.mirrorDeleted = end.after(absent).after(BEGIN_MIRROR);
        this.mirrorBoth =
                deletesMirror(inPlace) ? end.after(absent).after(present).after(BEGIN_MIRROR) : mirrorSaved;
    }

    private TextStatement absent(ProjectionSql sql, WayBackSql wayBack, boolean inPlace) {
        if (!notesWayBack) {
            return sql.mirrorAbsent();
        }
        return inPlace ? wayBack.forgetAbsent() : wayBack.mirrorAbsent();
    }

    /** Tells whether a deleted key needs work: a mirror row to delete, or a note about its way back. */
    boolean deletesMirror(boolean inPlace) {
        return !inPlace || notesWayBack;
    }

    private static SaveStatements.Texts looking(
            GivenSql plain, GivenSql sql, UnaryOperator<TextStatement> permitted, boolean combinable) {
        TextStatement save = plain.save();
        return new SaveStatements.Texts(
                save,
                permitted.apply(sql.save()),
                permitted.apply(sql.saveAndNote()),
                combinable ? permitted.apply(sql.saveAndMirror().after(BUDGET)) : save,
                true);
    }

    /** The bind values for the records of a save. */
    @Nullable
    Object[] rows(RequestedWrite.Save save) {
        return binding.values(save.rows());
    }

    /** The bind values for keys. */
    @Nullable
    Object[] keys(Collection<RecordKey> keys) {
        return binding.keys(keys);
    }

    /** The values of {@link #permit}. */
    static Object[] permitValues(String entity, EntityStage stage, String lease) {
        return stage.stage().fenced()
                ? new Object[] {AuthorityLock.WRITING.name(entity), entity, Long.toString(stage.epoch())}
                : new Object[] {lease, lease};
    }

    /** The values of a statement that writes records or keys: the fence comes before them, the lease after. */
    @Nullable
    Object[] permittedValues(Object[] permitValues, Object[] budget, @Nullable Object[] rows, Object... tail) {
        return fenced ? values(permitValues, budget, rows, tail) : values(budget, rows, permitValues, tail);
    }

    /** Tells whether the mirror's part was refused because of the caller's isolation level. */
    static boolean isIsolated(Throwable failure) {
        return SqlState.MIRROR_ISOLATED.equals(FailureClass.sqlState(failure));
    }

    /**
     * The values of the budget's prefix; a fifth of the budget is reserved for running the authoritative statement
     * again alone.
     */
    static Object[] budgetValues(Duration budget) {
        return new Object[] {Long.toString(Math.max(1, budget.toMillis() * 4 / 5))};
    }

    /** Concatenates the values of several statements. */
    static @Nullable Object[] values(@Nullable Object[]... parts) {
        return Stream.of(parts).flatMap(Stream::of).toArray();
    }

    /**
     * Rolls back the mirror's part. After a failure in the driver it is unknown whether the savepoint exists, and
     * rolling back to a missing one would fail the caller's transaction: another savepoint guards the attempt.
     *
     * @param failure why; the cause of the exception if the savepoint itself could not be set
     */
    static void undoMirror(Connection connection, Throwable failure) throws SQLException {
        try {
            GUARD.query(connection, row -> 0);
        } catch (SQLException aborted) {
            // The server refused a statement of the mirror's part, so the savepoint before it exists.
            undoAborted(connection, failure);
            return;
        }
        try {
            UNDO_MIRROR.query(connection, row -> 0);
        } catch (SQLException absent) {
            UNDO_GUARD.query(connection, row -> 0);
        }
    }

    private static void undoAborted(Connection connection, Throwable failure) throws SQLException {
        try {
            UNDO_MIRROR.query(connection, row -> 0);
        } catch (SQLException e) {
            e.addSuppressed(failure);
            throw e;
        }
    }

    /**
     * The mirror's deferred constraints are checked inside the savepoint: at commit they would fail the caller. They
     * are looked up each time, because a migration may add one at any moment.
     */
    private static TextStatement settled(Relation mirror) {
        String table = Databases.renderer().render(mirror.qualifiedName());
        return new TextStatement(
                Databases.renderer().render(DSL.query("select crossfade.check_deferred({0})", DSL.inline(table))));
    }
}
