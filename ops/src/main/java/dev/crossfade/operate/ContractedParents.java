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
 * Knows children again whose parents were contracted. A child has the foreign keys of its tables as parents, and they
 * are a part of the mapping by which the fleet goes. Contracting the parent may take a foreign key away, or the mapping
 * file its section; the services go on with what they were built with, and that is no other mapping.
 *
 * @param contracted the names of the contracted entities
 */
record ContractedParents(DSLContext control, Set<String> contracted) {

    /** Of more contracted entities not every choice of parents is tried. */
    private static final int TRIED = 8;

    /** Returns the mappings, those that differ from the fleet's by contracted parents alone with these. */
    List<TableMapping> restored(List<TableMapping> mappings) {
        Map<String, Fence> fences = AuthorityTable.fences(control);
        return mappings.stream()
                .map(mapping -> Optional.ofNullable(fences.get(mapping.entity()))
                        .flatMap(Fence::mapping)
                        .map(fleets -> restored(mapping, fleets, contracted))
                        .orElse(mapping))
                .toList();
    }

    /** Returns the mapping with the choice of contracted parents that has a fingerprint, as it is if none has. */
    static TableMapping restored(TableMapping mapping, String fingerprint, Set<String> contracted) {
        return candidates(mapping, contracted).stream()
                .filter(candidate -> candidate.fingerprint().equals(fingerprint))
                .findFirst()
                .orElse(mapping);
    }

    /** The mapping itself comes first. */
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
