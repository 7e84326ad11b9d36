package dev.crossfade.gate;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.Evidence;
import dev.crossfade.mapping.TableMapping;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Tells whether a proof is about the mapping and the tables as they are now.
 *
 * @param databases the databases of both sides
 * @param mappings the mappings that are known here
 */
record Proofs(Databases databases, Mappings mappings) {

    /**
     * Returns why a proof does not hold now, empty if it does.
     *
     * @param evidence the texts that were stored with it, null if there were none
     * @param begun when it began
     */
    Optional<String> contradiction(String entity, Optional<Evidence> evidence, OffsetDateTime begun) {
        return contradiction(entity, evidence, Evidence::contradiction).or(() -> mappingChangedSince(entity, begun));
    }

    /** As {@link #contradiction}, of a copy of the legacy rows. */
    Optional<String> contradictionOfCopy(String entity, Optional<Evidence> evidence, OffsetDateTime begun) {
        return contradiction(entity, evidence, Evidence::contradictionOfCopy)
                .or(() -> mappingChangedSince(entity, begun));
    }

    /** An instance with another mapping may have mirrored a row by that mapping after the proof had read it. */
    private Optional<String> mappingChangedSince(String entity, OffsetDateTime begun) {
        return AuthorityTable.mappingChangedAt(databases.controlDsl(), entity)
                .filter(begun::isBefore)
                .map(at -> "the fleet's mapping was changed after it began");
    }

    private Optional<String> contradiction(
            String entity,
            Optional<Evidence> evidence,
            BiFunction<Evidence, Evidence, Optional<String>> contradiction) {
        Optional<TableMapping> mapping = mappings.find(entity);
        if (mapping.isEmpty()) {
            return Optional.of("the mapping of '%s' is not known here".formatted(entity));
        }
        return evidence.isEmpty()
                ? Optional.of("nothing says with which mapping and tables it was made")
                : contradiction.apply(evidence.get(), mapping.get().evidence(databases));
    }

    /** Returns the evidence text under which comparisons count now. */
    Optional<String> lasting(String entity) {
        return mappings.find(entity).map(mapping -> mapping.evidence(databases).lasting());
    }
}
