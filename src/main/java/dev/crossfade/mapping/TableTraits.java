package dev.crossfade.mapping;

import dev.crossfade.control.Databases;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.impl.DSL;

/**
 * What the catalog says about a table beyond its columns.
 *
 * @param afterTriggers whether user triggers run after inserts or updates; they may change the row that was written
 * @param deferrable the table's deferrable constraints, which may fail as late as at commit
 */
public record TableTraits(boolean afterTriggers, List<Name> deferrable) {

    /** Reads the traits of a table. */
    public static TableTraits read(DSLContext database, Relation relation) {
        boolean afterTriggers =
                database.fetchSingle("""
                        select exists (
                            select from pg_trigger t
                            where t.tgrelid = to_regclass({0}) and not t.tgisinternal and t.tgenabled <> 'D'
                              and t.tgtype & 2 = 0 and t.tgtype & 64 = 0 and t.tgtype & 20 <> 0)
                        """, DSL.val(quoted(relation))).get(0, Boolean.class);
        List<Name> deferrable = database.fetch("""
                        select n.nspname, c.conname
                        from pg_constraint c join pg_namespace n on n.oid = c.connamespace
                        where c.conrelid = to_regclass({0}) and c.condeferrable
                        """, DSL.val(quoted(relation)))
                .map(row -> DSL.name(row.get(0, String.class), row.get(1, String.class)));
        return new TableTraits(afterTriggers, deferrable);
    }

    private static String quoted(Relation relation) {
        return Databases.renderer().render(relation.qualifiedName());
    }
}
