package dev.crossfade.stages;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.Ramp;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/**
 * How one entity is routed.
 *
 * @param stage its stage
 * @param epoch how many stage changes it has been through
 * @param ramp which records are read from the modern side in {@link Stage#MODERN_READ}
 * @param fleetMapping whether the fleet mirrors by this instance's mapping; else it only notes what it writes
 */
public record EntityStage(Stage stage, long epoch, Ramp ramp, boolean fleetMapping) {

    /** Returns the routing of an entity whose mapping is the fleet's. */
    public EntityStage(Stage stage, long epoch, Ramp ramp) {
        this(stage, epoch, ramp, true);
    }

    Standing standing() {
        return new Standing(stage, epoch);
    }

    /** Tells whether the ramp decides each read of one record; otherwise {@link #readSide()} holds for all of them. */
    public boolean isRamping() {
        return stage == Stage.MODERN_READ && !ramp.isWhole() && !ramp.isNone();
    }

    /**
     * Returns the side that answers a read of many records; in {@link Stage#MODERN_READ} modern once every record is
     * ramped.
     */
    public Side readSide() {
        if (stage != Stage.MODERN_READ) {
            return stage.authority();
        }
        return ramp.isWhole() ? Side.MODERN : Side.LEGACY;
    }
}
