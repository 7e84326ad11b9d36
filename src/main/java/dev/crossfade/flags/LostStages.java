package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import org.jooq.DSLContext;

/**
 * Tells an entity that is new from one whose stage was lost: made known anew at its first stage, it would be written on the legacy
 * side while the modern one has what was written last.
 *
 * @param databases the databases of both sides
 * @param firstStart whether the control schema was made just now
 */
public record LostStages(Databases databases, boolean firstStart) {

    /**
     * Makes sure that an entity which the control database does not know was never moved.
     *
     * @throws RefusedException if it was
     */
    public void require(TableMapping mapping) {
        String entity = mapping.entity();
        DSLContext control = databases.controlDsl();
        if (AuthorityTable.find(control, entity).isPresent()) {
            return;
        }
        StageLog.history(control, entity, 1).stream().findFirst().ifPresent(last -> {
            throw lost(entity, "the record of its stages ends with %s".formatted(last.to()));
        });
        if (!databases.areShared()) {
            AuthorityTable.fence(databases.dsl(Side.MODERN), entity)
                    .map(Fence::standing)
                    .filter(fenced -> fenced.epoch() > 0)
                    .ifPresent(fenced -> {
                        throw lost(entity, "the modern database's fence says " + text(fenced));
                    });
        }
        if (firstStart) {
            requireNothingCopied(databases, mapping);
        }
    }

    /**
     * Makes sure that the modern table of an entity is empty where there is, or was until just now, no control schema.
     *
     * @throws RefusedException if it has rows
     */
    public static void requireNothingCopied(Databases databases, TableMapping mapping) {
        DSLContext modern = databases.dsl(Side.MODERN);
        if (mapping.kind() == TableMapping.Kind.TABLE
                && isThere(modern, mapping.modern())
                && modern.fetchExists(modern.selectOne().from(mapping.modern().toTable()))) {
            throw new RefusedException(
                    "%s has rows, and the database had no schema crossfade: either that was lost, or the rows were copied by hand. If it was lost, restore it. If %s is to begin at legacy-only, run `crossfade install`, and try again."
                            .formatted(mapping.modern(), mapping.entity()));
        }
    }

    private static boolean isThere(DSLContext database, Relation relation) {
        return database.fetchSingle(
                        "select to_regclass(?) is not null",
                        Databases.renderer().render(relation.qualifiedName()))
                .get(0, Boolean.class);
    }

    private static RefusedException lost(String entity, String known) {
        return new RefusedException(
                "The control database has lost the stage of %s: %s. It is not begun anew. Restore the schema crossfade, or see `crossfade recover %s`."
                        .formatted(entity, known, entity));
    }

    private static String text(Standing standing) {
        return "%s (epoch %d)".formatted(standing.stage().label(), standing.epoch());
    }
}
