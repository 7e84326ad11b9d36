package dev.crossfade.statement;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether mirror rows can be deleted and reinserted in one statement without side effects.
 *
 * @param obstacle the side effect that the server would have, empty if none
 * @param kept columns that the mapping does not write but a statement may
 */
public record Replacement(Optional<String> obstacle, List<String> kept) {

    /** Crossfade's own triggers recognise a mirror's statement and are not counted. */
    private static final TextStatement FACTS = new TextStatement("""
            with written as (select to_regclass(format('%I.%I', cast(? as text), cast(? as text))) as oid)
            select array(select cast(a.attname as text) from pg_catalog.pg_attribute as a
                         where a.attrelid = written.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                           and a.attname <> all (cast(? as text[])) order by a.attnum),
                   coalesce(
                       (select format('the foreign key %I of %s does something else when a row is deleted', k.conname,
                                      cast(k.conrelid as regclass))
                        from pg_catalog.pg_constraint as k
                        where k.contype = 'f' and k.confdeltype in ('c', 'n', 'd')
                          and (k.confrelid = written.oid
                               or k.confrelid in (select relid from pg_catalog.pg_partition_ancestors(written.oid)))
                        order by k.conname limit 1),
                       (select format('the trigger %I runs when a row is deleted or inserted', t.tgname)
                        from pg_catalog.pg_trigger as t join pg_catalog.pg_proc as p on p.oid = t.tgfoid
                        where t.tgrelid = written.oid and not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 12 <> 0
                          and p.pronamespace is distinct from to_regnamespace('crossfade')
                        order by t.tgname limit 1),
                       (select format('the rule %I rewrites its statements', r.rulename)
                        from pg_catalog.pg_rewrite as r where r.ev_class = written.oid order by r.rulename limit 1))
            from written
            """);

    /** Copies the list. */
    public Replacement {
        kept = List.copyOf(kept);
    }

    /** Reads it from a mirror's table as it is now. */
    public static Replacement of(Connection mirror, Projection projection) throws SQLException {
        if (projection.inPlace()) {
            return new Replacement(Optional.of("both sides are columns of one row"), List.of());
        }
        return FACTS.query(
                        mirror,
                        row -> new Replacement(Optional.ofNullable(row.getString(2)), Arrays.asList((String[])
                                row.getArray(1).getArray())),
                        projection.target().schema(),
                        projection.target().table(),
                        projection.targetColumns().stream().map(Column::name).toArray(String[]::new))
                .getFirst();
    }
}
