package dev.crossfade.schema;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.gate.Gates;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.schema.DestructionGate.Objection;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what must be finished before an entity's legacy structures are dropped: keys that were noted and not applied,
 * and instances at an older stage. A note may be the only trace of a legacy write that the modern side does not have,
 * so only an operator may drop it.
 */
final class Leftovers {

    private final Databases databases;

    Leftovers(Databases databases) {
        this.databases = databases;
    }

    /** Returns the objections to dropping an entity's legacy structures. The stage itself is checked elsewhere. */
    List<Objection> objections(String entity, Standing standing) {
        List<Objection> objections = new ArrayList<>();
        if (standing.stage() != Stage.MODERN_ONLY) {
            return objections;
        }
        long intents = intents(entity);
        if (intents > 0) {
            objections.add(objection(
                    entity,
                    "intents",
                    "%s intents wait, and 0 are allowed: what they note may not be on the other side, and nobody could look any more. Apply them: `crossfade stage %s --to %s`, `crossfade worker --once --grace 0s`, and forward again. Or drop them, if they are of no use any more: `crossfade queue discard %s --intents --reason \"…\"`."
                            .formatted(intents, entity, Stage.MODERN_PRIMARY.label(), entity)));
        }
        int missed = new MissedWrites(databases.controlDsl())
                .tallies()
                .getOrDefault(entity, Tally.NONE)
                .count();
        if (missed > 0) {
            objections.add(objection(
                    entity,
                    "missed writes",
                    "%s missed writes are left, and 0 are allowed. Look at them with `crossfade queue list %s`. Apply them: `crossfade stage %s --to %s`, `crossfade worker --once`, and forward again. Or drop them: `crossfade queue discard %s --several --reason \"…\"`."
                            .formatted(missed, entity, entity, Stage.MODERN_PRIMARY.label(), entity)));
        }
        if (Gates.fleetAcknowledged(databases, entity, standing) instanceof Closed behind) {
            objections.add(objection(entity, "instances", behind.reason() + " " + behind.remedy()));
        }
        return objections;
    }

    private static Objection objection(String entity, String state, String reason) {
        return new Objection(entity, state, reason, false);
    }

    private long intents(String entity) {
        long intents = Intents.count(databases.controlDsl(), entity);
        return databases.areShared() ? intents : intents + Intents.count(databases.dsl(Side.MODERN), entity);
    }
}
