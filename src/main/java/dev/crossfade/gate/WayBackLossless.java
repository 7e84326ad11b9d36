package dev.crossfade.gate;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.LossyWayBack;
import dev.crossfade.model.Side;
import dev.crossfade.queue.LossyKeys;
import dev.crossfade.queue.LossyKeys.LossyKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Requires that every modern row can be recovered from the legacy side before that side decides again. The flip
 * repeats the check with writers blocked, for rows written meanwhile.
 */
final class WayBackLossless implements Gate {

    private static final int SHOWN = 5;

    private final DSLContext control;

    WayBackLossless(DSLContext control) {
        this.control = control;
    }

    @Override
    public String name() {
        return LossyWayBack.GATE;
    }

    @Override
    public Verdict check(Step step) {
        if (!step.movesAuthority() || step.to().authority() != Side.LEGACY) {
            return new NotConcerned();
        }
        Optional<String> entity = Optional.of(step.entity());
        String required = "0 keys whose modern row the legacy side cannot give back";
        int lossy = LossyKeys.count(control, entity);
        if (lossy == 0) {
            return new Open("0 keys", required);
        }
        return new Closed(
                "%s keys: %s%s"
                        .formatted(
                                lossy,
                                texts(LossyKeys.list(control, entity, SHOWN)),
                                lossy > SHOWN ? ", and %s more".formatted(lossy - SHOWN) : ""),
                required,
                "Going back would lose these values. See `crossfade lossy %s`; write the rows so that the legacy side can hold them, or keep what they have elsewhere and force the step."
                        .formatted(step.entity()));
    }

    private static String texts(List<LossyKey> keys) {
        return keys.stream()
                .map(one -> "%s (%s)".formatted(String.join(",", one.key()), String.join(", ", one.columns())))
                .collect(Collectors.joining(", "));
    }
}
