package dev.crossfade.finish;

import java.util.List;
import org.jooq.DSLContext;

/**
 * Finds what lies outside the schema {@code crossfade} and would be dropped with it: triggers that call its functions,
 * views of its tables.
 */
final class OutsideUses {

    private static final String QUERY = """
            with ours as (
                select cast('pg_class' as regclass) as class, oid as object from pg_class where relnamespace = to_regnamespace('crossfade')
                union all
                select cast('pg_proc' as regclass), oid from pg_proc where pronamespace = to_regnamespace('crossfade')
                union all
                select cast('pg_type' as regclass), oid from pg_type where typnamespace = to_regnamespace('crossfade')),
            users as (
                select d.classid, d.objid, d.objsubid,
                    case d.classid
                        when cast('pg_trigger' as regclass) then
                            (select c.relnamespace from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.oid = d.objid)
                        when cast('pg_rewrite' as regclass) then
                            (select c.relnamespace from pg_rewrite r join pg_class c on c.oid = r.ev_class where r.oid = d.objid)
                        when cast('pg_attrdef' as regclass) then
                            (select c.relnamespace from pg_attrdef a join pg_class c on c.oid = a.adrelid where a.oid = d.objid)
                        when cast('pg_policy' as regclass) then
                            (select c.relnamespace from pg_policy p join pg_class c on c.oid = p.polrelid where p.oid = d.objid)
                        when cast('pg_constraint' as regclass) then (select n.connamespace from pg_constraint n where n.oid = d.objid)
                        when cast('pg_class' as regclass) then (select c.relnamespace from pg_class c where c.oid = d.objid)
                        when cast('pg_proc' as regclass) then (select p.pronamespace from pg_proc p where p.oid = d.objid)
                        when cast('pg_type' as regclass) then (select t.typnamespace from pg_type t where t.oid = d.objid)
                        when cast('pg_publication_rel' as regclass) then 0
                        else to_regnamespace('crossfade')
                    end as namespace
                from pg_depend d join ours o on o.class = d.refclassid and o.object = d.refobjid)
            select distinct pg_describe_object(u.classid, u.objid, u.objsubid) from users u
            where u.namespace is distinct from to_regnamespace('crossfade')
                and u.namespace is distinct from to_regnamespace('pg_toast')
            order by 1
            """;

    private OutsideUses() {}

    /** Returns what there is, as the server describes it. */
    static List<String> in(DSLContext database) {
        return database.fetch(QUERY).map(row -> row.get(0, String.class));
    }
}
