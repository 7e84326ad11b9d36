package dev.crossfade.flags;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/**
 * How one entity is routed.
 *
 * @param stage its stage
 * @param epoch how many stage changes it has been through
 * @param ramp which records are read from the modern side in {@link Stage#MODERN_READ}
 */
public record EntityStage(Stage stage, long epoch, Ramp ramp) {

    /** Tells whether the ramp decides each read of one record; else {@link #readSide()} answers for all of them. */
    public boolean isRamping() {
        return stage == Stage.MODERN_READ && !ramp.isWhole() && !ramp.isNone();
    }

    /** Returns the side that answers a read of many records: modern in {@link Stage#MODERN_READ} once every one is. */
    public Side readSide() {
        if (stage != Stage.MODERN_READ) {
            return stage.authority();
        }
        return ramp.isWhole() ? Side.MODERN : Side.LEGACY;
    }
}
