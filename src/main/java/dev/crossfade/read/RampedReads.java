package dev.crossfade.read;

import dev.crossfade.control.TroubleLog;
import dev.crossfade.flags.Ramp;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.stages.EntityStage;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Picks the side that a read of one record is meant for. Allocates nothing unless the ramp decides. Thread-safe.
 *
 * @param <K> the key
 */
public final class RampedReads<K> {

    private static final Logger LOG = LoggerFactory.getLogger(RampedReads.class);

    private final String entity;
    private final Function<K, RecordKey> recordKey;
    private final List<String> keyColumns;
    private final @Nullable Function<Object, String> tenant;
    private final TroubleLog untold;

    /** Creates it for an entity. */
    public RampedReads(TableMapping mapping, Function<K, RecordKey> recordKey, Tenants tenants) {
        this.entity = mapping.entity();
        this.untold = new TroubleLog(LOG, "The tenants of keys of %s can be told again.".formatted(entity));
        this.recordKey = recordKey;
        this.keyColumns = mapping.modern().key().stream().map(Column::name).toList();
        this.tenant = tenants.of(entity);
    }

    /** Returns the side that the stage and its ramp want. */
    public Side side(EntityStage stage, K key) {
        if (!stage.isRamping()) {
            return stage.readSide();
        }
        return covers(stage.ramp(), key) ? Side.MODERN : Side.LEGACY;
    }

    private boolean covers(Ramp ramp, K key) {
        if (ramp.by().equals(Ramp.KEY)) {
            return ramp.covers(recordKey.apply(key));
        }
        String name = tenantOf(ramp.by(), key);
        return name != null && ramp.covers(name);
    }

    /** A key without a tenant is read from the legacy side, which decides in this stage. */
    private @Nullable String tenantOf(String by, K key) {
        if (by.equals(Ramp.TENANT) && tenant != null) {
            try {
                String name = tenant.apply(key);
                untold.succeeded();
                return name;
            } catch (RuntimeException e) {
                untold.failed(
                        Level.ERROR,
                        "The tenant of a key of %s cannot be told; the legacy side answers such reads. Repair the function given to tenant(…)."
                                .formatted(entity),
                        e);
                return null;
            }
        }
        int column = keyColumns.indexOf(by);
        return column < 0 ? null : recordKey.apply(key).values().get(column);
    }
}
