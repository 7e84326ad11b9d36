package dev.crossfade.control;

import dev.crossfade.model.RefusedException;

/**
 * The databases of an entity disagree about its past, so nothing is copied, repaired or moved until an operator
 * decides.
 */
public final class FrozenException extends RefusedException {

    private static final long serialVersionUID = 1L;

    /** Names the entity and why it is frozen. */
    public FrozenException(String entity, String reason) {
        super(
                "%s is frozen: %s Nothing is applied, repaired or moved until `crossfade recover %s` has decided which side wins."
                        .formatted(entity, reason, entity));
    }
}
