package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.stages.EntityStage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows what this instance knows about its entities, from memory, so it answers while the databases are down too.
 * Thread-safe.
 */
@Endpoint(id = "crossfade")
public final class CrossfadeEndpoint {

    private final Crossfade crossfade;

    /** Creates an endpoint for a Crossfade. */
    public CrossfadeEndpoint(Crossfade crossfade) {
        this.crossfade = crossfade;
    }

    /**
     * All entities of this instance.
     *
     * @param entities parents before children
     */
    public record Overview(List<EntityState> entities) {}

    /**
     * An entity's state in this instance.
     *
     * @param entity its name
     * @param stage its stage, as `crossfade stage` writes it
     * @param epoch the epoch of that stage; every stage change raises it
     * @param modernReadsPerMille how many of a thousand keys are read from the modern side at `modern-read`
     * @param pendingKeys how many keys written by this instance wait for the mirror
     * @param mappingFingerprint the mapping's fingerprint; equal on all instances with the same mapping
     */
    public record EntityState(
            String entity,
            String stage,
            long epoch,
            int modernReadsPerMille,
            int pendingKeys,
            String mappingFingerprint) {}

    /** Returns all entities. */
    @ReadOperation
    public Overview overview() {
        return new Overview(crossfade.mappings().stream().map(this::standing).toList());
    }

    /** Returns one entity, null (which Spring answers as not found) if this instance does not have it. */
    @ReadOperation
    public @Nullable EntityState entity(@Selector String entity) {
        return crossfade.mappings().stream()
                .filter(mapping -> mapping.entity().equals(entity))
                .findFirst()
                .map(this::standing)
                .orElse(null);
    }

    private EntityState standing(TableMapping mapping) {
        String entity = mapping.entity();
        EntityStage stage = crossfade.routing().stage(entity);
        return new EntityState(
                entity,
                stage.stage().label(),
                stage.epoch(),
                stage.ramp().perMille(),
                crossfade.pending(entity),
                mapping.fingerprint());
    }
}
