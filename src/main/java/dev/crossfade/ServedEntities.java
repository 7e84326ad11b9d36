package dev.crossfade;

import dev.crossfade.mapping.MappingOrder;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The entities that this process serves, each with its mapping. Thread-safe. */
final class ServedEntities {

    private final Map<String, TableMapping> mappings = new ConcurrentHashMap<>();
    private volatile List<TableMapping> ordered = List.of();

    /** Returns the mappings, parents before children. */
    List<TableMapping> parentsFirst() {
        return ordered;
    }

    Optional<TableMapping> find(String entity) {
        return Optional.ofNullable(mappings.get(entity));
    }

    Set<String> names() {
        return mappings.keySet();
    }

    /**
     * Adds an entity; one whose stage cannot be followed is not served, and its next repository tries again.
     *
     * @param follow begins to follow the entity's stage
     * @throws InvalidInputException if the entity is served with another mapping
     */
    void register(TableMapping mapping, Consumer<TableMapping> follow) {
        TableMapping known = mappings.putIfAbsent(mapping.entity(), mapping);
        if (known != null && !known.equals(mapping)) {
            throw new InvalidInputException("Two different mappings of the entity '" + mapping.entity()
                    + "' are in use. Generate the repositories from one mapping file.");
        }
        ordered = MappingOrder.parentsFirst(mappings.values());
        try {
            follow.accept(mapping);
        } catch (RuntimeException e) {
            if (known == null) {
                // Health and appliers leave it alone.
                mappings.remove(mapping.entity());
                ordered = MappingOrder.parentsFirst(mappings.values());
            }
            throw e;
        }
    }
}
