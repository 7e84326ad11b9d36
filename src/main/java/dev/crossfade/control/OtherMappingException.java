package dev.crossfade.control;

import dev.crossfade.model.RefusedException;

/** The caller's mapping of an entity is not the one by which the fleet mirrors it; nothing was done. */
public final class OtherMappingException extends RefusedException {

    private static final long serialVersionUID = 1L;

    OtherMappingException(String entity, String own, String fleets) {
        super(
                "The mapping of %s here is %s, and the fleet mirrors by %s: what one of them proves or repairs is wrong for the other one. Use the mapping file of the version that runs, or deploy this one."
                        .formatted(entity, own, fleets));
    }
}
