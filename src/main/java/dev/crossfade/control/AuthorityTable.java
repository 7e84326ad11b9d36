package dev.crossfade.control;

import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.Stage;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * The table {@code crossfade.authority}: stage and epoch of each entity. In the control database it says where an entity
 * stands; in the other database it fences writers of older epochs off after the authority has left.
 */
public final class AuthorityTable {

    private static final Table<Record> AUTHORITY = table(name("crossfade", "authority"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    private static final Field<String> STAGE = field(name("stage"), String.class);
    /** Asked for with each batch of the applier: rendering it anew would take longer than the answer. */
    private static final String FIND = "select stage, epoch from crossfade.authority where entity = ?";

    /**
     * Where an entity stands.
     *
     * @param stage its stage
     * @param epoch how many stage changes it has been through
     */
    public record Standing(Stage stage, long epoch) {

        static final Standing FIRST = new Standing(Stage.LEGACY_ONLY, 0);

        /** Returns the standing after a change to {@code next}. */
        public Standing then(Stage next) {
            return new Standing(next, epoch + 1);
        }
    }

    private AuthorityTable() {}

    /**
     * Returns the name whose 64-bit hash is the advisory lock on an entity's authority: shared by writers around the
     * flip, exclusive for the flip.
     */
    public static String lockName(String entity) {
        return "crossfade/authority/" + entity;
    }

    /** Returns the standing of every known entity. */
    public static Map<String, Standing> all(DSLContext database) {
        return database.select(ENTITY, STAGE, EPOCH).from(AUTHORITY).fetch().stream()
                .collect(Collectors.toMap(
                        row -> row.value1(), row -> new Standing(Stage.valueOf(row.value2()), row.value3())));
    }

    /** Returns the standing of an entity, empty if the database does not know it. */
    public static Optional<Standing> find(DSLContext database, String entity) {
        return database.connectionResult(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(FIND)) {
                statement.setString(1, entity);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Standing(Stage.valueOf(row.getString(1)), row.getLong(2)))
                            : Optional.empty();
                }
            }
        });
    }

    /** Makes an entity known at its first stage, unless it is known. */
    public static void register(DSLContext database, String entity) {
        database.insertInto(AUTHORITY, ENTITY, STAGE, EPOCH)
                .values(entity, Standing.FIRST.stage().name(), Standing.FIRST.epoch())
                .onConflict(ENTITY)
                .doNothing()
                .execute();
    }

    /** Sets an entity's standing. */
    public static void put(DSLContext database, String entity, Standing standing) {
        database.insertInto(AUTHORITY, ENTITY, STAGE, EPOCH)
                .values(entity, standing.stage().name(), standing.epoch())
                .onConflict(ENTITY)
                .doUpdate()
                .set(STAGE, excluded(STAGE))
                .set(EPOCH, excluded(EPOCH))
                .execute();
    }

    /** Sets an entity's standing if it is newer than the one that the database knows; tells whether it is. */
    public static boolean raise(DSLContext database, String entity, Standing standing) {
        return database.insertInto(AUTHORITY, ENTITY, STAGE, EPOCH)
                        .values(entity, standing.stage().name(), standing.epoch())
                        .onConflict(ENTITY)
                        .doUpdate()
                        .set(STAGE, excluded(STAGE))
                        .set(EPOCH, excluded(EPOCH))
                        .where(field(name("authority", "epoch"), Long.class).lt(excluded(EPOCH)))
                        .execute()
                > 0;
    }
}
