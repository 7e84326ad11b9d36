package dev.crossfade.control;

import static org.jooq.impl.DSL.currentOffsetDateTime;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;

import dev.crossfade.model.Stage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code crossfade.authority}: stage and epoch of each entity. In the control database it says where an
 * entity stands; in the other database it fences off writers of older epochs once the authority has moved.
 */
public final class AuthorityTable {

    private static final Table<Record> AUTHORITY = table(name("crossfade", "authority"));
    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<Long> EPOCH = field(name("epoch"), Long.class);
    private static final Field<String> STAGE = field(name("stage"), String.class);
    private static final Field<Boolean> DECIDED = field(name("decided"), Boolean.class);
    private static final Field<String> MAPPING = field(name("mapping"), String.class);
    private static final Field<OffsetDateTime> MAPPING_CHANGED_AT =
            field(name("mapping_changed_at"), OffsetDateTime.class);
    private static final Field<String> FROZEN = field(name("frozen"), String.class);
    /** A constant, because the applier runs it with each batch: rendering it would take longer than running it. */
    private static final String FIND = """
            select stage, epoch, frozen, mapping,
                   decided or exists (select from crossfade.decided_epoch d where d.entity = a.entity and d.epoch = a.epoch)
            from crossfade.authority a where entity = ?
            """;

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

    /**
     * What one database knows of an entity.
     *
     * @param standing the newest standing that the database was told
     * @param decided whether that standing was decided. Between two databases a flip to the modern side announces its
     *         epoch in the modern database before the control database records it; until then nobody writes under it
     * @param frozen why nothing may be applied, repaired or moved, empty if it may
     * @param mapping the fingerprint of the mapping by which the fleet mirrors, empty before the first instance
     */
    public record Fence(Standing standing, boolean decided, Optional<String> frozen, Optional<String> mapping) {

        /** Tells whether the fleet mirrors by a mapping, or by none yet. */
        public boolean hasMapping(String fingerprint) {
            return mapping.stream().allMatch(fingerprint::equals);
        }
    }

    private AuthorityTable() {}

    /**
     * Blocks changes of an entity's stage until the caller's transaction ends; waits for a change that is under way.
     */
    public static void lockStage(DSLContext control, String entity) {
        control.fetch("select pg_advisory_xact_lock(hashtextextended(?, 0))", stageLock(entity));
    }

    /** As {@link #lockStage}, without waiting; tells whether it got the lock. */
    public static boolean tryLockStage(DSLContext control, String entity) {
        return control.fetchSingle("select pg_try_advisory_xact_lock(hashtextextended(?, 0))", stageLock(entity))
                .get(0, boolean.class);
    }

    private static String stageLock(String entity) {
        return "crossfade/stage/" + entity;
    }

    /** Returns the standing of every known entity. */
    public static Map<String, Standing> all(DSLContext database) {
        return database.select(ENTITY, STAGE, EPOCH).from(AUTHORITY).fetch().stream()
                .collect(Collectors.toMap(
                        row -> row.value1(), row -> new Standing(Stage.valueOf(row.value2()), row.value3())));
    }

    /** Returns what a database knows of every entity. */
    public static Map<String, Fence> fences(DSLContext database) {
        Field<Boolean> decided = field(
                "{0} or exists (select from crossfade.decided_epoch d where d.entity = authority.entity and d.epoch = authority.epoch)",
                Boolean.class, DECIDED);
        return database.select(ENTITY, STAGE, EPOCH, decided, FROZEN, MAPPING)
                .from(AUTHORITY)
                .fetchMap(
                        ENTITY,
                        row -> new Fence(
                                new Standing(Stage.valueOf(row.value2()), row.value3()),
                                row.value4(),
                                Optional.ofNullable(row.value5()),
                                Optional.ofNullable(row.value6())));
    }

    /** Returns the standing of an entity, empty if the database does not know it. */
    public static Optional<Standing> find(DSLContext database, String entity) {
        return fence(database, entity).map(Fence::standing);
    }

    /** Returns what a database knows of an entity, empty if it does not know it. */
    public static Optional<Fence> fence(DSLContext database, String entity) {
        return database.connectionResult(connection -> fence(connection, entity));
    }

    /** Returns what a database knows of an entity, in the transaction on {@code connection}. */
    public static Optional<Fence> fence(Connection connection, String entity) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, entity);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Fence(
                                new Standing(Stage.valueOf(row.getString(1)), row.getLong(2)),
                                row.getBoolean(5),
                                Optional.ofNullable(row.getString(3)),
                                Optional.ofNullable(row.getString(4))))
                        : Optional.empty();
            }
        }
    }

    /** Records an entity at its first stage, unless it is known. */
    public static void register(DSLContext database, String entity) {
        database.insertInto(AUTHORITY, ENTITY, STAGE, EPOCH)
                .values(entity, Standing.FIRST.stage().name(), Standing.FIRST.epoch())
                .onConflict(ENTITY)
                .doNothing()
                .execute();
    }

    /**
     * Makes a mapping the one by which the fleet mirrors; returns the entity's standing afterwards. A new mapping
     * raises the epoch, so that instances with the old one learn of it before their next write; from then on they
     * only note the keys that they write.
     */
    public static Standing adoptMapping(DSLContext control, String entity, String fingerprint) {
        Field<Long> next = DSL.when(MAPPING.isNull(), EPOCH).otherwise(EPOCH.plus(1));
        control.update(AUTHORITY)
                .set(EPOCH, next)
                .set(MAPPING, fingerprint)
                .set(
                        MAPPING_CHANGED_AT,
                        DSL.when(MAPPING.isNotNull(), currentOffsetDateTime()).otherwise(MAPPING_CHANGED_AT))
                .where(ENTITY.eq(entity))
                .and(MAPPING.isDistinctFrom(fingerprint))
                .execute();
        return find(control, entity).orElseThrow();
    }

    /** Returns when the fleet's mapping of an entity was changed last, empty if there is none. */
    public static Optional<OffsetDateTime> mappingChangedAt(DSLContext control, String entity) {
        return control.select(MAPPING_CHANGED_AT)
                .from(AUTHORITY)
                .where(ENTITY.eq(entity))
                .fetchOptional(MAPPING_CHANGED_AT);
    }

    /**
     * Makes sure that the caller has the mapping by which the fleet mirrors.
     *
     * @throws OtherMappingException if it is another one
     */
    public static void requireMapping(DSLContext control, String entity, String fingerprint) {
        fence(control, entity)
                .flatMap(Fence::mapping)
                .filter(fleets -> !fleets.equals(fingerprint))
                .ifPresent(fleets -> {
                    throw new OtherMappingException(entity, fingerprint, fleets);
                });
    }

    /** Sets an entity's standing, as decided. */
    public static void put(DSLContext database, String entity, Standing standing) {
        database.insertInto(AUTHORITY, ENTITY, STAGE, EPOCH, DECIDED)
                .values(entity, standing.stage().name(), standing.epoch(), true)
                .onConflict(ENTITY)
                .doUpdate()
                .set(STAGE, excluded(STAGE))
                .set(EPOCH, excluded(EPOCH))
                .set(DECIDED, excluded(DECIDED))
                .execute();
    }

    /**
     * Sets an entity's standing if it is newer than the one that the database knows, or if that one was only
     * announced; tells whether it did.
     */
    public static boolean raise(DSLContext database, String entity, Standing standing) {
        return raise(database, entity, standing, true);
    }

    /** As {@link #raise}, for a standing that the other database has yet to decide: see {@link Fence#decided()}. */
    public static boolean announce(DSLContext database, String entity, Standing standing) {
        return raise(database, entity, standing, false);
    }

    /** Notes that an announced standing has been decided. */
    public static void confirm(DSLContext database, String entity, long epoch) {
        database.update(AUTHORITY)
                .set(DECIDED, true)
                .where(ENTITY.eq(entity))
                .and(EPOCH.eq(epoch))
                .and(DECIDED.isFalse())
                .execute();
    }

    /**
     * Freezes an entity, or all of them; those that are frozen already keep their reason.
     *
     * @param entity null for all
     * @return how many were not frozen before
     */
    public static int freeze(DSLContext database, @Nullable String entity, String reason) {
        return database.update(AUTHORITY)
                .set(FROZEN, reason)
                .where(FROZEN.isNull())
                .and(entity == null ? noCondition() : ENTITY.eq(entity))
                .execute();
    }

    /** Ends the freeze of an entity. */
    public static void thaw(DSLContext database, String entity) {
        database.update(AUTHORITY).setNull(FROZEN).where(ENTITY.eq(entity)).execute();
    }

    private static boolean raise(DSLContext database, String entity, Standing standing, boolean decided) {
        return database.insertInto(AUTHORITY, ENTITY, STAGE, EPOCH, DECIDED)
                        .values(entity, standing.stage().name(), standing.epoch(), decided)
                        .onConflict(ENTITY)
                        .doUpdate()
                        .set(STAGE, excluded(STAGE))
                        .set(EPOCH, excluded(EPOCH))
                        .set(DECIDED, excluded(DECIDED))
                        .where(field(name("authority", "epoch"), Long.class)
                                .lt(excluded(EPOCH))
                                .or(field(name("authority", "decided"), Boolean.class)
                                        .isFalse()
                                        .and(field(name("authority", "epoch"), Long.class)
                                                .eq(excluded(EPOCH)))))
                        .execute()
                > 0;
    }
}
