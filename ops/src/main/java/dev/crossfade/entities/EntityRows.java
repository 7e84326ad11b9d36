package dev.crossfade.entities;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Everything recorded under an entity's name in one database's control schema. That is the rows of every table with a
 * column {@code entity}; the tables come from the catalog, so a new table needs no mention here. In the control
 * database it is also flags, the keys of operators' actions, and the worker's jobs.
 */
final class EntityRows {

    private static final Field<String> ENTITY = field(name("entity"), String.class);

    /** History tables. Their rows stay when an entity is forgotten, and may exist when its name is used again. */
    private static final Set<String> HISTORIES = Set.of("stage_change", "queue_action", "forced_revert", "recovery");

    private final DSLContext transaction;

    /** Works in the caller's transaction. */
    EntityRows(DSLContext transaction) {
        this.transaction = transaction;
    }

    /** Returns the tables that hold rows of an entity, histories left out. */
    List<String> tablesWith(String entity) {
        List<String> found = new ArrayList<>();
        for (String one : tables()) {
            if (!HISTORIES.contains(one) && transaction.fetchExists(ours(one), ENTITY.eq(entity))) {
                found.add("crossfade." + one);
            }
        }
        if (hasTable("flag") && transaction.fetchExists(ours("flag"), flagOf(entity))) {
            found.add("crossfade.flag");
        }
        return found;
    }

    /** Renames an entity in all its rows. */
    void rename(String from, String to) {
        for (String one : tables()) {
            transaction.update(ours(one)).set(ENTITY, to).where(ENTITY.eq(from)).execute();
        }
        if (hasTable("flag")) {
            transaction.execute(
                    "update crossfade.flag set feature_name = {0} || substr(feature_name, {1}) where {2}",
                    val(to), val(from.length() + 1), flagOf(from));
            transaction.execute(
                    """
                    update crossfade.queue_action
                    set keys = (select jsonb_agg(case when key ->> 0 = {0} then jsonb_set(key, array['0'], to_jsonb({1})) else key end
                                                 order by place)
                                from jsonb_array_elements(keys) with ordinality as listed (key, place))
                    where jsonb_path_exists(keys, '$[*] ? (@[0] == $entity)', jsonb_build_object('entity', {0}))
                    """,
                    field("cast({0} as text)", String.class, val(from)),
                    field("cast({0} as text)", String.class, val(to)));
            forgetJobs(from);
        }
    }

    /** Deletes all rows of an entity except its history. */
    void forget(String entity) {
        for (String one : tables()) {
            if (!HISTORIES.contains(one)) {
                transaction.deleteFrom(ours(one)).where(ENTITY.eq(entity)).execute();
            }
        }
        if (hasTable("flag")) {
            transaction.deleteFrom(ours("flag")).where(flagOf(entity)).execute();
            forgetJobs(entity);
        }
    }

    /** Deletes the entity's jobs. A worker schedules them itself. */
    private void forgetJobs(String entity) {
        transaction
                .deleteFrom(ours("scheduled_tasks"))
                .where(field(name("task_instance"), String.class).eq(entity))
                .execute();
    }

    private List<String> tables() {
        return transaction.fetch("""
                        select c.relname
                        from pg_class c
                        join pg_attribute a on a.attrelid = c.oid and a.attname = 'entity' and not a.attisdropped
                        where c.relnamespace = to_regnamespace('crossfade') and c.relkind in ('r', 'p')
                        order by c.relname
                        """).map(row -> row.get(0, String.class));
    }

    private boolean hasTable(String table) {
        return transaction
                .fetchSingle("select to_regclass(?) is not null", "crossfade." + table)
                .get(0, boolean.class);
    }

    /** Flags are called {@code <entity>.<suffix>}, and no suffix has a dot. */
    private static Condition flagOf(String entity) {
        return condition(
                "(starts_with(feature_name, {0}) and position('.' in substr(feature_name, {1})) = 0)",
                val(entity + "."), val(entity.length() + 2));
    }

    private static Table<Record> ours(String table) {
        return table(name("crossfade", table));
    }
}
