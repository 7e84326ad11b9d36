package dev.crossfade.write;

import static dev.crossfade.write.WriteStatements.permitValues;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.StageSnapshot;

/**
 * The stage and lease under which a writer acts.
 *
 * @param values the values of {@link WriteStatements#permit}, the statement
 * @param lease the instance's lease
 */
record Permit(EntityStage entity, Object[] values, String lease) {

    /** Returns what a snapshot permits. */
    static Permit of(String entity, StageSnapshot snapshot) {
        EntityStage stage = snapshot.of(entity);
        String lease = snapshot.lease();
        return new Permit(stage, permitValues(entity, stage, lease), lease);
    }

    Stage stage() {
        return entity.stage();
    }

    Side authority() {
        return stage().authority();
    }

    Side mirror() {
        return authority().opposite();
    }
}
