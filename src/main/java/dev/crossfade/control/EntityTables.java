package dev.crossfade.control;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.sql.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;

/**
 * The table {@code crossfade.entity_table}: which tables an entity has. A table belongs to one entity, whatever the
 * mapping files of different processes call it: a second name would start at {@code legacy-only} while the first one
 * has moved on, and both sides would be written.
 */
public final class EntityTables {

    private static final Table<Record> ENTITY_TABLE = table(name("crossfade", "entity_table"));
    private static final Field<String> SIDE = field(name("side"), String.class);
    private static final Field<String> SCHEMA = field(name("table_schema"), String.class);
    private static final Field<String> NAME = field(name("table_name"), String.class);
    private static final Field<String> ENTITY = field(name("entity"), String.class);

    private static final String LOCK = "crossfade/entities";
    /** Shorter than an instance's lease: an instance that registers cannot heartbeat meanwhile. */
    private static final String LOCK_TIMEOUT = "5s";

    /**
     * A table of one side.
     *
     * @param schema the schema's name as the catalog spells it
     * @param table the table's name as the catalog spells it
     */
    public record SideTable(Side side, String schema, String table) implements Comparable<SideTable> {

        @Override
        public int compareTo(SideTable other) {
            int bySide = side.compareTo(other.side);
            return bySide != 0 ? bySide : toString().compareTo(other.toString());
        }

        /** Returns {@code schema.table} for messages. */
        @Override
        public String toString() {
            return schema + "." + table;
        }
    }

    private EntityTables() {}

    /**
     * Records an entity at its first stage, with its tables. Idempotent; any number of processes may call it at once.
     *
     * @throws RefusedException if one of the tables belongs to another entity, if the entity has left
     *     {@code legacy-only} with other tables, or if it is being renamed or forgotten; nothing was recorded
     */
    public static void register(Databases databases, String entity, Set<SideTable> tables) {
        try {
            if (!isRecorded(databases.controlDsl(), entity, tables)) {
                ControlTransaction.on(databases.controlDsl()).retried().run(control -> {
                    lock(control, false);
                    record(control, entity, tables, databases.areShared());
                });
            }
        } catch (DataAccessException e) {
            throw SqlState.LOCK_NOT_AVAILABLE.equals(e.sqlState())
                    ? new RefusedException(
                            "Entities are being renamed at this moment, for more than %s. Wait until that has ended, and start again."
                                    .formatted(LOCK_TIMEOUT))
                    : e;
        }
    }

    /**
     * Makes sure that no table of an entity belongs to another entity; records nothing.
     *
     * @throws RefusedException if one does
     */
    public static void require(Databases databases, String entity, Set<SideTable> tables) {
        DSLContext control = databases.controlDsl();
        Map<SideTable, String> held = heldByOthers(control, entity, tables, databases.areShared());
        if (!held.isEmpty()) {
            throw new RefusedException(taken(control, entity, held));
        }
    }

    /**
     * Keeps others from registering entities until the caller's transaction ends.
     *
     * @throws DataAccessException with SQLSTATE 55P03 if others hold the lock for longer than five seconds
     */
    public static void lock(DSLContext transaction) {
        lock(transaction, false);
    }

    /**
     * Keeps others from renaming or forgetting entities until the caller's transaction ends; waits as {@link #lock}
     * does.
     */
    public static void share(DSLContext transaction) {
        lock(transaction, true);
    }

    private static void lock(DSLContext transaction, boolean shared) {
        transaction.fetch("select set_config('lock_timeout', ?, true)", LOCK_TIMEOUT);
        transaction.fetch(
                shared
                        ? "select pg_advisory_xact_lock_shared(hashtextextended(?, 0))"
                        : "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                LOCK);
    }

    /** Returns the tables of every entity. Entities that registered before tables were recorded are absent. */
    public static Map<String, Set<SideTable>> all(DSLContext control) {
        Map<String, Set<SideTable>> all = new TreeMap<>();
        control.select(ENTITY, SIDE, SCHEMA, NAME)
                .from(ENTITY_TABLE)
                .forEach(row -> all.computeIfAbsent(row.value1(), entity -> new TreeSet<>())
                        .add(new SideTable(Side.valueOf(row.value2()), row.value3(), row.value4())));
        return all;
    }

    /** Returns the tables of an entity; none if it registered before tables were recorded. */
    public static Set<SideTable> of(DSLContext control, String entity) {
        return control.select(SIDE, SCHEMA, NAME).from(ENTITY_TABLE).where(ENTITY.eq(entity)).fetch().stream()
                .map(row -> new SideTable(Side.valueOf(row.value1()), row.value2(), row.value3()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Waits for a rename that is under way; the answer then stays true for as long as the caller's lease. */
    private static boolean isRecorded(DSLContext control, String entity, Set<SideTable> tables) {
        return ControlTransaction.on(control).retried().result(transaction -> {
            lock(transaction, true);
            FormerEntities.requireSettled(transaction, entity);
            return AuthorityTable.find(transaction, entity).isPresent()
                    && of(transaction, entity).equals(tables);
        });
    }

    private static void record(DSLContext transaction, String entity, Set<SideTable> tables, boolean oneDatabase) {
        FormerEntities.requireSettled(transaction, entity);
        Map<SideTable, String> held = heldByOthers(transaction, entity, tables, oneDatabase);
        if (!held.isEmpty()) {
            throw new RefusedException(taken(transaction, entity, held));
        }
        Optional<Standing> standing = AuthorityTable.find(transaction, entity);
        Set<SideTable> recorded = of(transaction, entity);
        if (standing.isPresent()
                && standing.get().stage() != Stage.LEGACY_ONLY
                && !recorded.isEmpty()
                && !recorded.equals(tables)) {
            throw new RefusedException(moved(entity, standing.get(), recorded, tables));
        }
        AuthorityTable.register(transaction, entity);
        transaction.deleteFrom(ENTITY_TABLE).where(ENTITY.eq(entity)).execute();
        for (SideTable one : tables) {
            transaction
                    .insertInto(ENTITY_TABLE, SIDE, SCHEMA, NAME, ENTITY)
                    .values(one.side().name(), one.schema(), one.table(), entity)
                    .execute();
        }
    }

    /** Within one database a table is the same table, whichever side names it. */
    private static Map<SideTable, String> heldByOthers(
            DSLContext transaction, String entity, Set<SideTable> tables, boolean oneDatabase) {
        Condition wanted = oneDatabase
                ? row(SCHEMA, NAME)
                        .in(tables.stream()
                                .map(one -> row(one.schema(), one.table()))
                                .toList())
                : row(SIDE, SCHEMA, NAME)
                        .in(tables.stream()
                                .map(one -> row(one.side().name(), one.schema(), one.table()))
                                .toList());
        Map<SideTable, String> held = new TreeMap<>();
        transaction
                .select(SIDE, SCHEMA, NAME, ENTITY)
                .from(ENTITY_TABLE)
                .where(ENTITY.ne(entity).and(wanted))
                .forEach(row ->
                        held.put(new SideTable(Side.valueOf(row.value1()), row.value2(), row.value3()), row.value4()));
        return held;
    }

    private static String taken(DSLContext transaction, String entity, Map<SideTable, String> held) {
        List<String> lines = new ArrayList<>();
        held.forEach((one, holder) -> lines.add("%s is the %s table of '%s', which stands at %s."
                .formatted(
                        one,
                        one.side().label(),
                        holder,
                        AuthorityTable.find(transaction, holder)
                                .map(standing -> standing.stage().label())
                                .orElse("no stage"))));
        String holder = held.values().iterator().next();
        boolean known = AuthorityTable.find(transaction, entity).isPresent();
        return "The entity '%s' cannot have tables that another entity has, or both names would be written by stages of their own: %s %s"
                .formatted(
                        entity,
                        String.join(" ", lines),
                        known
                                ? "Map each table once; if one of the two is left over, `crossfade entity forget` it."
                                : "Keep the name '%s', or change it with `crossfade entity rename %s %s`; if '%s' is left over, `crossfade entity forget %s`."
                                        .formatted(holder, holder, entity, holder, holder));
    }

    private static String moved(String entity, Standing standing, Set<SideTable> recorded, Set<SideTable> tables) {
        return "The entity '%s' stands at %s with the tables %s; this mapping gives it %s, which were never kept equal. Use the mapping with its own tables, or take it back to %s first: `crossfade stage %s`."
                .formatted(
                        entity,
                        standing.stage().label(),
                        list(recorded),
                        list(tables),
                        Stage.LEGACY_ONLY.label(),
                        entity);
    }

    private static String list(Set<SideTable> tables) {
        return new TreeSet<>(tables)
                .stream().map(one -> one + " (" + one.side().label() + ")").collect(Collectors.joining(" and "));
    }
}
