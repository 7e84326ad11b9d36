package dev.crossfade.write;

import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.TableTraits;
import dev.crossfade.model.Side;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.statement.GivenCheck;
import dev.crossfade.statement.RowBinding;
import java.util.List;
import java.util.Set;
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
     * @param settings what becomes of saves that the legacy side does not bring back as they were given
     */
    static PreparedWrites prepare(
            DSLContext authority, Projection projection, EntityStage stage, LossyWriteSettings settings) {
        return prepare(projection, stage, settings, isCombinable(authority, projection));
    }

    /** As {@link #prepare}, without a statement for both sides. */
    static PreparedWrites prepareApart(Projection projection, EntityStage stage, LossyWriteSettings settings) {
        return prepare(projection, stage, settings, false);
    }

    private static PreparedWrites prepare(
            Projection projection, EntityStage stage, LossyWriteSettings settings, boolean combinable) {
        boolean fenced = stage.stage().fenced();
        GivenCheck check = projection.authority() == Side.LEGACY
                ? settings.check(projection.mapping(), stage.stage())
                : new GivenCheck(List.of(), Set.of());
        return new PreparedWrites(
                stage.epoch(),
                new WriteStatements(projection, RowBinding.ONE, fenced, combinable, check),
                new WriteStatements(projection, RowBinding.MANY, fenced, combinable, check));
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
