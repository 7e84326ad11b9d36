package dev.crossfade.schema;

import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.DestructionGate.Overruling;
import dev.crossfade.schema.file.Migration;
import java.util.List;
import org.jooq.DSLContext;

/** The table {@code crossfade.forced_revert}: who reverted a migration in spite of objections, and why. */
final class ForcedReverts {

    private ForcedReverts() {}

    /** Records it before the migration is reverted, because a revert that fails half-way was forced too. */
    static void record(DSLContext control, Migration migration, List<Objection> overruled, Overruling overruling) {
        for (Objection objection : overruled) {
            control.execute(
                    """
                    insert into crossfade.forced_revert
                           (version, description, entity, stage, objection, forced_by, reason)
                    values (?, ?, ?, ?, ?, ?, ?)
                    """,
                    migration.version().toString(),
                    migration.description(),
                    objection.entity(),
                    objection.state(),
                    objection.reason(),
                    overruling.by(),
                    overruling.reason());
        }
    }
}
