package dev.crossfade.mapping;

import dev.crossfade.control.Databases;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * What the catalog says about a table beyond its columns.
 *
 * @param afterTriggers whether user triggers run after inserts or updates; they may change the row that was written.
 *     Capture changes no row and does not count
 * @param keepsKeys whether a row is surely stored under the key that it is inserted with: into a table, not a view or
 *     partitions, without rules and without triggers before the row is stored, and with a key of types whose values
 *     storing does not change
 */
public record TableTraits(boolean afterTriggers, boolean keepsKeys) {

    private static final Set<String> STORED_AS_THEY_ARE = Set.of("smallint", "integer", "bigint", "uuid", "text");

    /** Reads the traits of a table. */
    public static TableTraits read(DSLContext database, Relation relation) {
        Record traits = database.fetchSingle("""
                        select exists (
                            select from pg_trigger t
                            where t.tgrelid = to_regclass({0}) and not t.tgisinternal and t.tgenabled <> 'D'
                              and t.tgtype & 2 = 0 and t.tgtype & 64 = 0 and t.tgtype & 20 <> 0
                              and not exists (
                                  select from pg_proc p
                                  where p.oid = t.tgfoid and p.pronamespace = to_regnamespace('crossfade'))),
                        exists (
                            select from pg_class c
                            where c.oid = to_regclass({0}) and c.relkind = 'r' and not c.relhasrules
                              and not exists (
                                  select from pg_trigger t where t.tgrelid = c.oid and t.tgtype & 3 = 3))
                        """, DSL.val(quoted(relation)));
        return new TableTraits(
                traits.get(0, Boolean.class),
                traits.get(1, Boolean.class)
                        && relation.key().stream().allMatch(column -> STORED_AS_THEY_ARE.contains(column.type())));
    }

    private static String quoted(Relation relation) {
        return Databases.renderer().render(relation.qualifiedName());
    }
}
