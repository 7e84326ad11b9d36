package dev.crossfade.queue;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Wishes that an entity be swept, in whichever database they were left: by capture after a TRUNCATE, by the one who
 * installs capture.
 */
public final class SweepRequests {

    private static final int AT_ONCE = 1_000;
    private static final Table<Record> REQUEST = table(name("crossfade", "sweep_request"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> ENTITY = field(name("entity"), String.class);

    private final Databases databases;

    /** Works on the databases of both sides. */
    public SweepRequests(Databases databases) {
        this.databases = databases;
    }

    /**
     * Hands an entity's wishes over to its sweep, wherever they were left: its next pass begins at once, from the first
     * key, and one that is under way begins anew. A wish that is handed over twice costs a pass and no more.
     */
    public void handOver(String entity) {
        handOver(databases.dsl(Side.LEGACY), entity);
        if (!databases.areShared()) {
            handOver(databases.dsl(Side.MODERN), entity);
        }
    }

    /** Only those that were seen: one that comes now asks for a pass that begins later. */
    private void handOver(DSLContext database, String entity) {
        List<Long> wishes = database.select(ID)
                .from(REQUEST)
                .where(ENTITY.eq(entity))
                .orderBy(ID)
                .limit(AT_ONCE)
                .fetch(ID);
        if (!wishes.isEmpty()) {
            databases.controlDsl().execute("select crossfade.request_sweep(?)", entity);
            database.deleteFrom(REQUEST).where(ID.in(wishes)).execute();
        }
    }
}
