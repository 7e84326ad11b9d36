package dev.crossfade.routing;

import dev.crossfade.flags.EntityStage;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.RowBinding;
import dev.crossfade.mapping.TableTraits;
import org.jooq.DSLContext;

/**
 * An entity's statements in one stage. Those for a single row take the server a good part less time.
 *
 * @param epoch the epoch for which they were made
 */
record PreparedWrites(long epoch, WriteStatements one, WriteStatements many) {

    /**
     * Renders the statements of a stage.
     *
     * @param authority a context on the authoritative side's database, which is asked about the table there
     */
    static PreparedWrites prepare(DSLContext authority, Projection projection, EntityStage stage) {
        return prepare(projection, stage, isCombinable(authority, projection));
    }

    /** As {@link #prepare(DSLContext, Projection, EntityStage)}, without a statement for both sides. */
    static PreparedWrites prepareApart(Projection projection, EntityStage stage) {
        return prepare(projection, stage, false);
    }

    private static PreparedWrites prepare(Projection projection, EntityStage stage, boolean combinable) {
        boolean fenced = stage.stage().fenced();
        return new PreparedWrites(
                stage.epoch(),
                new WriteStatements(projection, RowBinding.ONE, fenced, combinable),
                new WriteStatements(projection, RowBinding.MANY, fenced, combinable));
    }

    /** Tells whether an upsert and its projection may share a statement. */
    private static boolean isCombinable(DSLContext authority, Projection projection) {
        return !projection.inPlace()
                && !projection.readsOtherTables()
                && !TableTraits.read(authority, projection.source()).afterTriggers();
    }

    /** Returns those for a number of rows. */
    WriteStatements of(int rows) {
        return RowBinding.of(rows) == RowBinding.ONE ? one : many;
    }
}
