package dev.crossfade.flags;

import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.queue.LossyKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** What a flip of the authority does about keys whose modern row the legacy side cannot give back. */
public final class LossyWayBack {

    /** The gate that says so beforehand; who overrules it accepts the loss. */
    public static final String GATE = "way back lossless";

    private LossyWayBack() {}

    /**
     * Makes sure that the way back loses nothing, unless that was accepted: to be called with writers and appliers kept
     * out, and everything worked off. A key that was written after the gate was asked is found here.
     *
     * @throws RefusedException if it would
     */
    static void requireLossless(DSLContext control, DecidedChange change) {
        List<String> refusals = new ArrayList<>();
        for (Step step : change.steps()) {
            boolean back = step.movesAuthority() && step.to().authority() == Side.LEGACY;
            int lossy = back ? LossyKeys.count(control, Optional.of(step.entity())) : 0;
            if (lossy > 0 && !change.overrules(step.entity(), GATE)) {
                refusals.add(
                        "The authority of %s cannot go back: the modern rows of %s keys cannot be had again from the legacy side. See `crossfade lossy %s`."
                                .formatted(step.entity(), lossy, step.entity()));
            }
        }
        if (!refusals.isEmpty()) {
            throw new RefusedException(String.join(" ", refusals));
        }
    }

    /** Forgets, in the transaction of a step to the modern side, the keys of an earlier time whose end was forced. */
    static void begin(DSLContext control, DecidedChange change) {
        List<String> entities = change.steps().stream()
                .filter(step -> step.movesAuthority() && step.to().authority() == Side.MODERN)
                .map(Step::entity)
                .toList();
        LossyKeys.forget(control, entities);
    }
}
