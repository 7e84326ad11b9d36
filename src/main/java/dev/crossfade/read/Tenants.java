package dev.crossfade.read;

import dev.crossfade.flags.Ramp;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the tenant of a key by the service's functions. Immutable. */
public final class Tenants {

    private final Map<String, Function<Object, String>> byEntity;

    /** Takes, for some entities, a function from the repository's key to the tenant. */
    public Tenants(Map<String, Function<Object, String>> byEntity) {
        this.byEntity = Map.copyOf(byEntity);
    }

    /** Returns the values, other than the whole key, by which an entity's reads can be ramped. */
    public Set<String> names(TableMapping mapping) {
        Set<String> names = mapping.modern().key().stream().map(Column::name).collect(Collectors.toSet());
        if (byEntity.containsKey(mapping.entity())) {
            names.add(Ramp.TENANT);
        }
        return names;
    }

    @Nullable
    Function<Object, String> of(String entity) {
        return byEntity.get(entity);
    }
}
