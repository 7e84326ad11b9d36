package dev.crossfade.schema;

import dev.crossfade.model.InvalidInputException;
import java.util.List;
import org.jooq.DSLContext;

/** Decides whether migrations may take structures away that belong to entities. */
@FunctionalInterface
public interface DestructionGate {

    /** What a migration does that may take something away. */
    enum Act {
        /** Runs a contract migration: legacy structures go. */
        CONTRACT,
        /** Reverts an expand migration: modern structures go. */
        REVERT_EXPAND,
        /** Reverts a contract migration: legacy structures come back, empty, in place of whatever is there. */
        REVERT_CONTRACT
    }

    /**
     * What stands against it.
     *
     * @param entity the entity that would lose something
     * @param state in a word, where it stands or what is at work on it
     * @param reason why not and what to do about it, in sentences
     * @param overrulable whether an operator may decide otherwise, with a reason
     */
    record Objection(String entity, String state, String reason, boolean overrulable) {}

    /**
     * Who overrules objections and why.
     *
     * @param by who
     * @param reason why; it is recorded
     */
    record Overruling(String by, String reason) {

        /** Refuses one without a reason. */
        public Overruling {
            if (reason.isBlank()) {
                throw new InvalidInputException(
                        "An entity's stage is overruled only with a reason. Add --reason \"…\".");
            }
        }
    }

    /**
     * Asks before a migration runs; what is found is kept as it is until the session ends, as far as it would make a
     * difference.
     *
     * @param entities the entities that the migration names; none stands for all
     * @param session a session of the control database, without a transaction; locks are held by it
     * @return what stands against it, nothing if it may run
     */
    List<Objection> objections(Act act, List<String> entities, DSLContext session);

    /** Returns a gate that is always open, for scratch databases on which no service works. */
    static DestructionGate unguarded() {
        return (act, entities, session) -> List.of();
    }
}
