package dev.crossfade.operate;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.mapping.TableMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;

/**
 * Recognises the mapping of a child whose parents were contracted. A mapping contains its parents, which follow from
 * foreign keys. Contracting a parent may drop the foreign key, or its section of the mapping file may be removed. The
 * services still run the mapping they were built with, and that counts as the same mapping.
 *
 * @param contracted the names of the contracted entities
 */
record ContractedParents(DSLContext control, Set<String> contracted) {

    /** The most contracted parents of which every combination is tried. */
    private static final int TRIED = 8;

    /** Returns the mappings. One that differs from the fleet's only by contracted parents gets those parents back. */
    List<TableMapping> restored(List<TableMapping> mappings) {
        Map<String, Fence> fences = AuthorityTable.fences(control);
        return mappings.stream()
                .map(mapping -> Optional.ofNullable(fences.get(mapping.entity()))
                        .flatMap(Fence::mapping)
                        .map(fleets -> restored(mapping, fleets, contracted))
                        .orElse(mapping))
                .toList();
    }

    /** Returns the mapping with the contracted parents that give it the fingerprint, or unchanged if no choice does. */
    static TableMapping restored(TableMapping mapping, String fingerprint, Set<String> contracted) {
        return candidates(mapping, contracted).stream()
                .filter(candidate -> candidate.fingerprint().equals(fingerprint))
                .findFirst()
                .orElse(mapping);
    }

    /** Returns the mappings to try, the unchanged one first. */
    private static List<TableMapping> candidates(TableMapping mapping, Set<String> contracted) {
        List<String> names = contracted.stream()
                .filter(name -> !name.equals(mapping.entity()))
                .sorted()
                .limit(TRIED)
                .toList();
        List<TableMapping> candidates = new ArrayList<>();
        candidates.add(mapping);
        for (int chosen = 0; chosen < (1 << names.size()); chosen++) {
            Set<String> parents = new TreeSet<>(mapping.parents());
            names.forEach(parents::remove);
            for (int i = 0; i < names.size(); i++) {
                if ((chosen & (1 << i)) != 0) {
                    parents.add(names.get(i));
                }
            }
            candidates.add(mapping.withParents(parents));
        }
        return candidates;
    }
}
