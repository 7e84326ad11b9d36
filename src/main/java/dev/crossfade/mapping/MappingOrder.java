package dev.crossfade.mapping;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which entities that refer to each other are applied. */
public final class MappingOrder {

    private MappingOrder() {}

    /** Returns mappings ordered so that each comes after its parents, except within cycles of references. */
    public static List<TableMapping> parentsFirst(Collection<TableMapping> mappings) {
        Map<String, TableMapping> byEntity = new LinkedHashMap<>();
        mappings.stream()
                .sorted(Comparator.comparing(TableMapping::entity))
                .forEach(mapping -> byEntity.put(mapping.entity(), mapping));
        List<TableMapping> ordered = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        byEntity.values().forEach(mapping -> visit(mapping, byEntity, seen, ordered));
        return List.copyOf(ordered);
    }

    private static void visit(
            TableMapping mapping, Map<String, TableMapping> byEntity, Set<String> seen, List<TableMapping> ordered) {
        if (!seen.add(mapping.entity())) {
            return;
        }
        mapping.parents().stream().sorted().forEach(parent -> {
            TableMapping known = byEntity.get(parent);
            if (known != null) {
                visit(known, byEntity, seen, ordered);
            }
        });
        ordered.add(mapping);
    }
}
