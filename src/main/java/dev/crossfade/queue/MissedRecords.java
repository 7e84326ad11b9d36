package dev.crossfade.queue;

import static dev.crossfade.queue.MissedWrites.ENTITY;
import static dev.crossfade.queue.MissedWrites.KEY;
import static dev.crossfade.queue.MissedWrites.LAST;
import static dev.crossfade.queue.MissedWrites.MISSED;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.noCondition;

import dev.crossfade.control.Databases;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.MirrorRecords.Noted;
import dev.crossfade.sql.ServerEncoding;
import java.sql.Connection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * When, and by which transactions, the missed writes of an entity were recorded, to compare with what the mirror got
 * since.
 */
public final class MissedRecords {

    /** A row's {@code xmin} has 32 bits; the upper bits are those of the latest transaction, or one less. */
    private static final Field<String> RECORDED_BY = field("""
            (select cast(now.id - ((now.id - cast(cast(missed_write.xmin as text) as bigint)) & 4294967295) as text)
             from (select cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint)) as now (id))""", String.class);

    private MissedRecords() {}

    /**
     * Returns up to {@code limit} of an entity's missed writes by key, each with the last transaction that recorded
     * or claimed it.
     *
     * @param control a connection to the control database
     * @param after the key after which to begin, null for the first one
     */
    public static List<Noted> recorded(Connection control, String entity, @Nullable RecordKey after, int limit) {
        ServerEncoding encoding = ServerEncoding.of(Databases.dsl(control));
        return Databases.dsl(control)
                .select(KEY, RECORDED_BY)
                .from(MISSED)
                .where(ENTITY.eq(entity))
                .and(after == null ? noCondition() : KEY.gt(encoding.values(after)))
                .orderBy(KEY)
                .limit(limit)
                .fetch(row -> new Noted(ServerEncoding.key(row.value1()), row.value2()));
    }

    /** Returns when a key of an entity was missed last, empty if none is. */
    public static Optional<Instant> lastMissed(Connection control, String entity) {
        return Databases.dsl(control)
                .select(max(LAST))
                .from(MISSED)
                .where(ENTITY.eq(entity))
                .fetchOptional(0, OffsetDateTime.class)
                .map(OffsetDateTime::toInstant);
    }
}
