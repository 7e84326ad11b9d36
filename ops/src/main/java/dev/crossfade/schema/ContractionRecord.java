package dev.crossfade.schema;

import dev.crossfade.control.Contractions;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.model.RefusedException;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Phase;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Which entities a migration contracts, recorded in the transactions that keep its history: the record is there exactly
 * while the migration is applied, or has begun to take structures away.
 *
 * @param version the migration
 * @param entities the entities that it names, none if it contracts nothing
 */
record ContractionRecord(MigrationVersion version, List<String> entities) {

    /**
     * Of a script that runs in the control database or in the other one. Legacy structures are in the control database;
     * a contract migration of the other one takes none of them away.
     */
    static ContractionRecord of(ScriptRun run, boolean inControl) {
        boolean contracts = inControl && run.migration().phase() == Phase.CONTRACT;
        return new ContractionRecord(
                run.migration().version(), contracts ? run.migration().entities() : List.of());
    }

    /**
     * Before the first statement, in its transaction or one before it. The stages do not change until that ends.
     *
     * @throws RefusedException if an entity stands elsewhere than at {@code modern-only}, or is being moved
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

    /** Where the migration is reverted, or nothing of it was kept. */
    void end(DSLContext transaction) {
        if (!entities.isEmpty()) {
            Contractions.forget(transaction, version.toString());
        }
    }
}
