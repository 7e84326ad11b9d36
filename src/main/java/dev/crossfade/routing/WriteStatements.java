package dev.crossfade.routing;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.ProjectionSql;
import dev.crossfade.mapping.TableTraits;
import dev.crossfade.mapping.TextStatement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.impl.DSL;

/**
 * The rendered statements of one entity and one authoritative side, with the prefixes that hold the authority and bound
 * the mirror's time, each combination in one round trip.
 */
final class WriteStatements {

    static final TextStatement FENCE = new TextStatement("""
            select pg_advisory_xact_lock_shared(hashtextextended(?, 0));
            select crossfade.require_epoch(?, cast(? as bigint))\
            """);
    private static final TextStatement BUDGET =
            new TextStatement("select set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true)");
    private static final TextStatement BEGIN_MIRROR = new TextStatement("""
            savepoint crossfade_mirror;
            select set_config('crossfade.lock_timeout', current_setting('lock_timeout'), true),
                   set_config('crossfade.statement_timeout', current_setting('statement_timeout'), true);
            select set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true)\
            """);
    private static final TextStatement END_MIRROR = new TextStatement("""
            release savepoint crossfade_mirror;
            select set_config('lock_timeout', current_setting('crossfade.lock_timeout'), true),
                   set_config('statement_timeout', current_setting('crossfade.statement_timeout'), true)\
            """);

    final TextStatement save;
    final TextStatement saveAndNote;
    final TextStatement saveAndMirror;
    final TextStatement delete;
    final TextStatement deleteAndNote;
    final TextStatement note;
    final TextStatement mirrorSaved;
    final TextStatement mirrorDeleted;
    final TextStatement mirrorBoth;
    /** Whether an upsert and its projection may share a statement. */
    final boolean combinable;

    /**
     * Renders the statements.
     *
     * @param authority a context on the authoritative side's database
     * @param together whether the mirror is in the same database
     */
    WriteStatements(DSLContext authority, Projection projection, boolean together) {
        ProjectionSql sql = new ProjectionSql(projection);
        boolean inPlace = projection.inPlace();
        this.save = sql.save();
        this.saveAndNote = sql.saveAndNote();
        this.delete = sql.delete();
        this.deleteAndNote = sql.deleteAndNote();
        this.note = sql.note();
        this.combinable = !inPlace
                && !projection.readsOtherTables()
                && !TableTraits.read(authority, projection.source()).afterTriggers();
        this.saveAndMirror = combinable ? sql.saveAndMirror().after(BUDGET) : save;
        List<Name> deferrable = together
                ? TableTraits.read(authority, projection.target()).deferrable()
                : List.of();
        TextStatement end = deferrable.isEmpty() ? END_MIRROR : END_MIRROR.after(immediate(deferrable));
        TextStatement present = sql.mirrorPresent();
        TextStatement absent = sql.mirrorAbsent();
        this.mirrorSaved = end.after(present).after(BEGIN_MIRROR);
        this.mirrorDeleted = end.after(absent).after(BEGIN_MIRROR);
        this.mirrorBoth =
                inPlace ? mirrorSaved : end.after(absent).after(present).after(BEGIN_MIRROR);
    }

    /** The values of {@link #FENCE}. */
    static Object[] fenceValues(String entity, long epoch) {
        return new Object[] {AuthorityTable.lockName(entity), entity, Long.toString(epoch)};
    }

    /** The values of the budget's prefix. */
    static Object[] budgetValues(Duration budget) {
        String millis = Long.toString(budget.toMillis());
        return new Object[] {millis, millis};
    }

    /** Puts the values of several statements one after the other. */
    static Object[] values(Object[]... parts) {
        return Stream.of(parts).flatMap(Stream::of).toArray();
    }

    /** The mirror's deferred constraints are checked inside the savepoint: at commit they would fail the caller. */
    private static TextStatement immediate(List<Name> deferrable) {
        return new TextStatement(
                Databases.renderer().render(DSL.query("set constraints {0} immediate", DSL.list(deferrable))));
    }
}
