package dev.crossfade.stages;

import dev.crossfade.control.FlagTable.Flags;
import dev.crossfade.control.FlagTable.Strategy;
import dev.crossfade.control.StageFlag;
import dev.crossfade.flags.FlagStore;
import dev.crossfade.flags.Ramp;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ramps in force on this instance. An invalid ramp, edited directly in the table, is not followed: the last valid
 * one stays in force, or the legacy side answers if there was none. Thread-safe.
 */
public final class Ramps {

    private static final Logger LOG = LoggerFactory.getLogger(Ramps.class);

    private final Map<String, Set<String>> names = new ConcurrentHashMap<>();
    private final Map<String, Ramp> lastGood = new ConcurrentHashMap<>();
    private final Map<String, String> reported = new ConcurrentHashMap<>();

    /** Sets the values, other than the key, by which an entity can be ramped on this instance. */
    void allow(String entity, Set<String> rampedBy) {
        names.put(entity, Set.copyOf(rampedBy));
    }

    /** Returns an entity's ramp, given its stage and flags that were read after the stage. */
    Ramp inForce(String entity, Stage stage, Flags flags) {
        Strategy strategy = flags.strategies().get(StageFlag.MODERN_READ.feature(entity));
        if (strategy == null) {
            return stage == Stage.MODERN_READ
                    ? bad(entity, "The row of its flag is missing.")
                    : lastGood.getOrDefault(entity, Ramp.WHOLE);
        }
        try {
            Ramp ramp = FlagStore.ramp(strategy);
            Set<String> allowed = names.get(entity);
            if (allowed != null) {
                ramp.requireBy(entity, allowed);
            }
            lastGood.put(entity, ramp);
            if (reported.remove(entity) != null) {
                LOG.info("The ramp of {} can be followed again: {}% of its reads.", entity, ramp.percent());
            }
            return ramp;
        } catch (InvalidInputException e) {
            return bad(entity, String.valueOf(e.getMessage()));
        }
    }

    private Ramp bad(String entity, String why) {
        @Nullable Ramp known = lastGood.get(entity);
        if (!why.equals(reported.put(entity, why))) {
            LOG.error(
                    "The ramp of {} in crossfade.flag cannot be followed: {} {}; set it with `crossfade flags ramp {} …`.",
                    entity,
                    why,
                    known == null ? "The legacy side answers its reads" : "The last known ramp stays in force",
                    entity);
        }
        return known == null ? Ramp.NONE : known;
    }
}
