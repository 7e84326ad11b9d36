package dev.crossfade.spring.actuate;

import dev.crossfade.Crossfade;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.stages.EntityStage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** What this instance knows of its entities, from memory: answers while the databases are down, too. Thread-safe. */
@Endpoint(id = "crossfade")
public final class CrossfadeEndpoint {

    private final Crossfade crossfade;

    /** Shows the entities of a Crossfade. */
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
     * Where an entity stands in this instance.
     *
     * @param entity its name
     * @param stage its stage, as `crossfade stage` writes it
     * @param epoch how many stage changes this instance has seen it go through
     * @param modernReadsPerMille how many of a thousand keys are read from the modern side in `modern-read`
     * @param pendingKeys how many keys that this instance wrote wait for the mirror
     * @param mappingFingerprint tells mappings apart; equal on all instances that have the same one
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
