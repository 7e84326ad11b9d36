package dev.crossfade.queue;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Wishes that an entity be swept, in whichever database they were left: by capture after a TRUNCATE, by the one who installs
 * capture.
 */
public final class SweepRequests {

    private static final int AT_ONCE = 1_000;
    private static final Table<Record> REQUEST = table(name("crossfade", "sweep_request"));
    private static final Field<Long> ID = field(name("id"), Long.class);
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> REASON = field(name("reason"), String.class);
    private static final Field<OffsetDateTime> REQUESTED_AT = field(name("requested_at"), OffsetDateTime.class);

    private final Databases databases;

    /** Works on the databases of both sides. */
    public SweepRequests(Databases databases) {
        this.databases = databases;
    }

    /**
     * A wish.
     *
     * @param database the side in whose database it lies
     */
    public record Request(Side database, long id, String entity, String reason, OffsetDateTime requestedAt) {}

    /** Returns every wish, the oldest of each database first. */
    public List<Request> all() {
        List<Request> requests = new ArrayList<>(of(Side.LEGACY));
        if (!databases.areShared()) {
            requests.addAll(of(Side.MODERN));
        }
        return requests;
    }

    /** Returns the wishes in one side's database, the oldest first. */
    public List<Request> of(Side database) {
        return databases
                .dsl(database)
                .select(ID, ENTITY, REASON, REQUESTED_AT)
                .from(REQUEST)
                .orderBy(ID)
                .fetch(row -> new Request(database, row.value1(), row.value2(), row.value3(), row.value4()));
    }

    /** Asks for a sweep, in the database and transaction of {@code context}. */
    public static void request(DSLContext context, String entity, String reason) {
        context.insertInto(REQUEST, ENTITY, REASON).values(entity, reason).execute();
    }

    /**
     * Hands an entity's wishes over to its sweep, wherever they were left: its next pass begins at once, from the first key,
     * and one that is under way begins anew. A wish that is handed over twice costs a pass and no more.
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
