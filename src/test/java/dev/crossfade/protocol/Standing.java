package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/**
 * The entity's standing in a database: the record in the control database, the fence in the other one.
 *
 * @param epoch how many steps led there
 */
record Standing(Stage stage, int epoch) {

    Standing then(Stage next) {
        return new Standing(next, epoch + 1);
    }

    Side authority() {
        return stage.authority();
    }

    /** Whether rows are copied from a side to the other one. */
    boolean copiesFrom(Side side) {
        return stage.mirrors() && stage.authority() == side;
    }

    boolean isAbove(Standing other) {
        return epoch > other.epoch;
    }
}
