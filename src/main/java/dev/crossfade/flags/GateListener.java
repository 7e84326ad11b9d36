package dev.crossfade.flags;

import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import java.util.Map;

/** Listens to the verdicts of the gates. Called on the thread that asked them, before anything is changed. */
public interface GateListener {

    /** A listener that does nothing. */
    GateListener NONE = new GateListener() {};

    /**
     * All gates were asked about a step, whether or not it is then made.
     *
     * @param verdicts each gate's verdict, by its name
     */
    default void gatesChecked(Step step, Map<String, Verdict> verdicts) {}
}
