package dev.crossfade.flags;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.Stage;

/** A condition that must hold before an entity moves to a stage. */
public interface Gate {

    /**
     * The step that is asked for.
     *
     * @param entity the entity
     * @param from where it stands
     * @param to the stage it is to move to
     */
    record Step(String entity, Standing from, Stage to) {}

    /** Whether the condition holds. */
    sealed interface Verdict {}

    /** It holds, or does not concern the step. */
    record Open() implements Verdict {}

    /**
     * It does not hold.
     *
     * @param reason what was seen against what is required
     * @param remedy what to do next
     */
    record Closed(String reason, String remedy) implements Verdict {}

    /** The gate's name as operators read it. */
    String name();

    /** Looks whether the condition holds for a step. */
    Verdict check(Step step);
}
