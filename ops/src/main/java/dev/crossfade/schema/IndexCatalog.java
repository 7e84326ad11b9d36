package dev.crossfade.schema;

import dev.crossfade.control.Databases;
import dev.crossfade.schema.file.IndexChange;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * Looks up the indexes of CONCURRENTLY statements in the catalog. Names are resolved in the migration's session, so
 * its {@code search_path} counts.
 */
final class IndexCatalog {

    private static final String FOUND = """
            select n.nspname, c.relname, i.indisvalid,
                   coalesce((select p.pid from pg_stat_progress_create_index p
                              where p.index_relid = c.oid and p.datname = current_database() limit 1), 0) as builder
              from pg_index i
              join pg_class c on c.oid = i.indexrelid
              join pg_namespace n on n.oid = c.relnamespace
            """;

    private final DSLContext dsl;

    IndexCatalog(Connection connection) {
        this.dsl = Databases.dsl(connection);
    }

    /**
     * An index in the catalog.
     *
     * @param builder the process that is building it, 0 if none is
     */
    record Found(String schema, String name, boolean valid, int builder) {

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /** Returns the index that a build would create, valid or not; empty if no index has that name. */
    Optional<Found> find(IndexChange.Build build) {
        // the server cuts names to 63 bytes, and so does the cast to name
        return dsl.fetch(FOUND + """
                                 where c.relname = cast(? as name)
                                   and c.relnamespace = (select t.relnamespace from pg_class t where t.oid = to_regclass(?))
                                """, build.index(), build.table()).map(IndexCatalog::found).stream()
                .findFirst();
    }

    /** Returns the indexes that a change which did not succeed has left behind. */
    List<Found> leftovers(IndexChange change) {
        return switch (change) {
            case IndexChange.Build build ->
                find(build).stream().filter(index -> !index.valid()).toList();
            case IndexChange.Drop drop -> List.of();
            case IndexChange.Rebuild rebuild -> leftovers(rebuild);
        };
    }

    /** Returns what a rebuild has left: its new index as …_ccnew, or the replaced one as …_ccold. */
    private List<Found> leftovers(IndexChange.Rebuild rebuild) {
        return dsl.fetch(FOUND + """
                                 where not i.indisvalid
                                   and c.relname ~ '_cc(new|old)[0-9]*$'
                                   and n.nspname not in ('pg_toast', 'pg_catalog')
                                   and case ?
                                         when 'index' then i.indrelid in
                                             (select x.indrelid from pg_index x where x.indexrelid = to_regclass(?))
                                         when 'table' then i.indrelid = to_regclass(?)
                                         when 'schema' then c.relnamespace = to_regnamespace(?)
                                         else true
                                       end
                                """, rebuild.scope(), rebuild.target(), rebuild.target(), rebuild.target())
                .map(IndexCatalog::found);
    }

    /** Tells whether there is an index of that name. */
    boolean exists(IndexChange.Drop drop) {
        return dsl.fetchOptional("select 1 where to_regclass(?) is not null", drop.index())
                .isPresent();
    }

    /** Drops an index without blocking anybody. Must not be called in a transaction. */
    void drop(Found index) {
        dsl.execute("drop index concurrently if exists {0}", DSL.name(index.schema(), index.name()));
    }

    private static Found found(Record row) {
        return new Found(
                row.get(0, String.class), row.get(1, String.class), row.get(2, boolean.class), row.get(3, int.class));
    }
}
