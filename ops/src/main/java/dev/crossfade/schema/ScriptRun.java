package dev.crossfade.schema;

import dev.crossfade.model.Side;
import dev.crossfade.schema.DestructionGate.Act;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationScript;
import dev.crossfade.schema.file.Phase;
import java.util.Optional;

/**
 * One file of a migration that is to be run.
 *
 * @param before the migration's record before the run
 */
record ScriptRun(Migration migration, MigrationScript script, Direction direction, Optional<HistoryEntry> before) {

    /** Returns the side to run on: the one where the migration was started, if it was. */
    Side side() {
        return before.map(HistoryEntry::side).orElse(migration.side());
    }

    /** Returns what the run may destroy, empty if nothing: an expand migration only adds. */
    Optional<Act> destruction() {
        if (direction == Direction.UP) {
            return migration.phase() == Phase.CONTRACT ? Optional.of(Act.CONTRACT) : Optional.empty();
        }
        boolean contracted = migration.phase() == Phase.CONTRACT
                && before.filter(entry -> entry.phase() != Phase.CONTRACT).isEmpty();
        return Optional.of(contracted ? Act.REVERT_CONTRACT : Act.REVERT_EXPAND);
    }

    boolean isResumed() {
        return before.filter(direction::isUnfinished).isPresent();
    }

    /** Returns how many statements an interrupted run has done. */
    int alreadyDone() {
        return before.filter(direction::isUnfinished)
                .map(HistoryEntry::statementsDone)
                .orElse(0);
    }

    /** Tells whether the run ended by a crash, so that the next statement may have succeeded without a record. */
    boolean isNextUncertain() {
        return before.filter(entry -> entry.progress() == direction.running()).isPresent();
    }
}
