package dev.crossfade.flags;

import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.queue.LossyKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** How a flip of the authority treats keys whose modern row the legacy side cannot give back. */
public final class LossyWayBack {

    /** The gate that warns beforehand; overruling it accepts the loss. */
    public static final String GATE = "way back lossless";

    private LossyWayBack() {}

    /**
     * Makes sure that the way back loses nothing, unless the loss was accepted. Call it with writers and appliers
     * blocked and the backlog drained: it finds keys written after the gate was asked.
     *
     * @throws RefusedException if it would lose values
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

    /**
     * Forgets, in the transaction of a step to the modern side, the keys left from an earlier period that was ended
     * by force.
     */
    static void begin(DSLContext control, DecidedChange change) {
        List<String> entities = change.steps().stream()
                .filter(step -> step.movesAuthority() && step.to().authority() == Side.MODERN)
                .map(Step::entity)
                .toList();
        LossyKeys.forget(control, entities);
    }
}
