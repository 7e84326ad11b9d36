package dev.crossfade.schema;

import dev.crossfade.model.InvalidInputException;
import java.util.List;
import org.jooq.DSLContext;

/** Decides whether migrations may drop structures that belong to entities. */
@FunctionalInterface
public interface DestructionGate {

    /** What a migration does that may destroy something. */
    enum Act {
        /** Runs a contract migration: drops legacy structures. */
        CONTRACT,
        /** Reverts an expand migration: drops modern structures. */
        REVERT_EXPAND,
        /** Reverts a contract migration: legacy structures come back empty, in place of whatever exists. */
        REVERT_CONTRACT
    }

    /**
     * A reason against running a migration.
     *
     * @param entity the entity that would lose something
     * @param state its stage or who uses it, in a word
     * @param reason why it may not run and what to do, in sentences
     * @param overrulable whether an operator may decide otherwise, with a reason
     */
    record Objection(String entity, String state, String reason, boolean overrulable) {}

    /**
     * Who overrules objections and why.
     *
     * @param by the person
     * @param reason the reason, which is recorded
     */
    record Overruling(String by, String reason) {

        /** Refuses an overruling without a reason. */
        public Overruling {
            if (reason.isBlank()) {
                throw new InvalidInputException(
                        "An entity's stage is overruled only with a reason. Add --reason \"…\".");
            }
        }
    }

    /**
     * Returns the objections to a migration, before it runs. Locks keep the answer valid until the session ends.
     *
     * @param entities the entities that the migration names; empty for all
     * @param session a session of the control database, without a transaction; locks are held by it
     * @return the objections, empty if it may run
     */
    List<Objection> objections(Act act, List<String> entities, DSLContext session);

    /** Returns a gate that is always open, for scratch databases on which no service works. */
    static DestructionGate unguarded() {
        return (act, entities, session) -> List.of();
    }
}
