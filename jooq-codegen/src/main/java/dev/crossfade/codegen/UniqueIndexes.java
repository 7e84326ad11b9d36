package dev.crossfade.codegen;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Reads all unique indexes of a table from the catalog, because jOOQ does not tell partial ones apart. */
final class UniqueIndexes {

    private final DSLContext database;

    UniqueIndexes(DSLContext database) {
        this.database = database;
    }

    /**
     * One unique index over columns, without a condition.
     *
     * @param columns the columns' names, in the index's order
     */
    record UniqueIndex(String name, List<String> columns) {}

    /** Returns the unique indexes of a table, by name. */
    List<UniqueIndex> of(Relation relation) {
        return database.fetch("""
                        select i.relname, array(
                            select cast(a.attname as text)
                            from unnest(x.indkey) with ordinality k (attnum, position)
                            join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
                            where k.position <= x.indnkeyatts
                            order by k.position)
                        from pg_index x
                        join pg_class i on i.oid = x.indexrelid
                        where x.indrelid = to_regclass({0})
                          and x.indisunique and x.indisvalid and x.indpred is null and x.indexprs is null
                        order by i.relname
                        """, DSL.val(Databases.renderer().render(relation.qualifiedName())))
                .map(row -> new UniqueIndex(row.get(0, String.class), List.of(row.get(1, String[].class))));
    }
}
