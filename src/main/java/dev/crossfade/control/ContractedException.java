package dev.crossfade.control;

import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.model.RefusedException;

/** The legacy structures of an entity are gone, so there is nothing to compare or copy and no way back. */
public final class ContractedException extends RefusedException {

    private static final long serialVersionUID = 1L;

    /** Names the entity and what has contracted it. */
    public ContractedException(Contraction contraction) {
        super(
                "%s It stays at modern-only, and the modern side has the only copy. `crossfade finish %s` says what is left to do; to go back, bring the legacy structures back first: `crossfade migrate down`."
                        .formatted(contraction.text(), contraction.entity()));
    }
}
