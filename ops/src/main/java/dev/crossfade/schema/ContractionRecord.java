package dev.crossfade.schema;

import dev.crossfade.control.Contractions;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.model.RefusedException;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Phase;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Records which entities a migration contracts, in the transactions that keep its history. The record exists exactly
 * while the migration is applied, or has begun to drop structures.
 *
 * @param version the migration
 * @param entities the entities that it names, none if it contracts nothing
 */
record ContractionRecord(MigrationVersion version, List<String> entities) {

    /**
     * Returns the record of a script. Legacy structures are in the control database, so a contract migration of the
     * other database contracts nothing.
     */
    static ContractionRecord of(ScriptRun run, boolean inControl) {
        boolean contracts = inControl && run.migration().phase() == Phase.CONTRACT;
        return new ContractionRecord(
                run.migration().version(), contracts ? run.migration().entities() : List.of());
    }

    /**
     * Records the contraction, before the first statement: in its transaction or an earlier one. The stages cannot
     * change until that transaction ends.
     *
     * @throws RefusedException if an entity is not at {@code modern-only}, or is being moved
     */
    void begin(DSLContext transaction) {
        if (!entities.isEmpty()) {
            Contractions.record(
                    transaction,
                    version.toString(),
                    entities.stream()
                            .map(entity -> FormerEntities.presentName(transaction, entity))
                            .toList());
        }
    }

    /** Deletes the record, where the migration is reverted or nothing of it was kept. */
    void end(DSLContext transaction) {
        if (!entities.isEmpty()) {
            Contractions.forget(transaction, version.toString());
        }
    }
}
