package dev.crossfade.routing;

import dev.crossfade.flags.EntityStage;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.RowBinding;
import org.jooq.DSLContext;

/**
 * An entity's statements in one stage. Those for a single row take the server a good part less time.
 *
 * @param epoch the epoch for which they were made
 */
record PreparedWrites(long epoch, WriteStatements one, WriteStatements many) {

    static PreparedWrites prepare(DSLContext authority, Projection projection, EntityStage stage) {
        boolean fenced = stage.stage().fenced();
        return new PreparedWrites(
                stage.epoch(),
                new WriteStatements(authority, projection, RowBinding.ONE, fenced),
                new WriteStatements(authority, projection, RowBinding.MANY, fenced));
    }

    /** Returns those for a number of rows. */
    WriteStatements of(int rows) {
        return RowBinding.of(rows) == RowBinding.ONE ? one : many;
    }
}
