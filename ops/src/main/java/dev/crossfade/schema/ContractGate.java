package dev.crossfade.schema;

import java.util.Optional;

/** Decides whether structures that belong to an entity may be taken away. */
@FunctionalInterface
public interface ContractGate {

    /**
     * Asks for one entity that a contract migration names.
     *
     * @return empty if the entity is at {@code MODERN_ONLY} and nothing else stands against it; else why not and what to
     *     do about it, in sentences
     */
    Optional<String> closed(String entity);

    /** Returns a gate that is always open, for scratch databases on which no service works. */
    static ContractGate unguarded() {
        return entity -> Optional.empty();
    }
}
