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
        boolean fenced = stage.stage().fenced();
        TableTraits traits = TableTraits.read(authority, projection.source());
        // an upsert and its projection share a statement only if nothing changes the row, or what it is projected with,
        // after it
        boolean combinable = !projection.inPlace() && !projection.readsOtherTables() && !traits.afterTriggers();
        return new PreparedWrites(
                stage.epoch(),
                new WriteStatements(projection, RowBinding.ONE, fenced, combinable, traits.keepsKeys()),
                new WriteStatements(projection, RowBinding.MANY, fenced, combinable, traits.keepsKeys()));
    }

    /** Returns those for a number of rows. */
    WriteStatements of(int rows) {
        return RowBinding.of(rows) == RowBinding.ONE ? one : many;
    }
}
