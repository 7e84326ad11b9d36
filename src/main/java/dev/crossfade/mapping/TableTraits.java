package dev.crossfade.mapping;

import dev.crossfade.control.Databases;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * What the catalog says about a table beyond its columns.
 *
 * @param afterTriggers whether user triggers run after inserts or updates; they may change the row that was written.
 *     Capture changes no row and does not count
 */
public record TableTraits(boolean afterTriggers) {

    /** Reads the traits of a table. */
    public static TableTraits read(DSLContext database, Relation relation) {
        boolean afterTriggers =
                database.fetchSingle("""
                        select exists (
                            select from pg_trigger t
                            where t.tgrelid = to_regclass({0}) and not t.tgisinternal and t.tgenabled <> 'D'
                              and t.tgtype & 2 = 0 and t.tgtype & 64 = 0 and t.tgtype & 20 <> 0
                              and not exists (
                                  select from pg_proc p
                                  where p.oid = t.tgfoid and p.pronamespace = to_regnamespace('crossfade')))
                        """, DSL.val(quoted(relation))).get(0, Boolean.class);
        return new TableTraits(afterTriggers);
    }

    private static String quoted(Relation relation) {
        return Databases.renderer().render(relation.qualifiedName());
    }
}
