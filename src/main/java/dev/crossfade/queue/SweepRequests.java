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
 * Requests to sweep an entity, in either database: capture leaves one after a TRUNCATE, and so does its installation.
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
     * Passes an entity's requests from both databases to its sweep: the next pass starts at once, from the first key,
     * and a running pass restarts. A request that is passed on twice costs one extra pass, no more.
     */
    public void handOver(String entity) {
        handOver(databases.dsl(Side.LEGACY), entity);
        if (!databases.areShared()) {
            handOver(databases.dsl(Side.MODERN), entity);
        }
    }

    /** Deletes only the requests that were read: a newer one asks for a later pass. */
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
