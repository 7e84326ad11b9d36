package dev.crossfade.control;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.RefusedException;

/** An entity's stage has changed since the caller read it; nothing was written. Read the stage and decide again. */
public final class StandingChangedException extends RefusedException {

    private static final long serialVersionUID = 1L;

    StandingChangedException(String entity, Standing seen, String found) {
        super(
                "%s was at %s (epoch %s) when this began, and is at %s now; nothing more was written. Look at `crossfade stage %s` and run it again."
                        .formatted(entity, seen.stage().label(), seen.epoch(), found, entity));
    }

    StandingChangedException(String entity, Standing seen) {
        super(
                "%s has no mirror at %s, so nothing is copied or repaired. Move it to a stage that mirrors first: `crossfade stage %s`."
                        .formatted(entity, seen.stage().label(), entity));
    }
}
