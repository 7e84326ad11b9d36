package dev.crossfade.protocol;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/**
 * Where the entity stands, as a database has it: in the control database the record, in the other one the fence.
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
