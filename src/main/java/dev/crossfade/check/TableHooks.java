package dev.crossfade.check;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * Side effects of the server when a row of a table is written: the service's triggers and rules, and row-level
 * security.
 *
 * @param installed whether {@code crossfade.is_mirror_write} exists
 * @param triggers enabled triggers of inserts and updates, without Crossfade's own and those that already ignore the
 *         mirror's writes
 * @param rules the rules, as {@code DROP RULE} names them
 * @param policies the policies of row-level security; empty if it is off
 * @param secured whether row-level security is on
 */
public record TableHooks(
        boolean installed, List<Trigger> triggers, List<String> rules, List<String> policies, boolean secured) {

    /** In tgtype, 2 is BEFORE, 4 and 16 are INSERT and UPDATE, 64 is INSTEAD OF. */
    private static final String TRIGGERS = """
            select t.tgname, t.tgtype & 2 <> 0, pg_catalog.pg_get_triggerdef(t.oid),
                   pg_catalog.quote_literal(cast(cast(t.tgrelid as regclass) as text)),
                   cast(cast(t.tgrelid as regclass) as text), t.tgenabled = 'A', t.tgconstraint <> 0,
                   pg_catalog.quote_ident(t.tgname)
            from pg_catalog.pg_trigger as t
            where (t.tgrelid = to_regclass({0})
                   or t.tgrelid in (select relid from pg_catalog.pg_partition_tree(to_regclass({0}))) and t.tgparentid = 0)
              and not t.tgisinternal and t.tgenabled <> 'D' and t.tgtype & 64 = 0 and t.tgtype & 20 <> 0
              and not exists (select from pg_catalog.pg_proc as p
                              where p.oid = t.tgfoid and p.pronamespace = to_regnamespace('crossfade'))
              and not exists (select from pg_catalog.pg_depend as d join pg_catalog.pg_proc as p on p.oid = d.refobjid
                              where d.classid = 'pg_catalog.pg_trigger'::regclass and d.objid = t.oid
                                and d.refclassid = 'pg_catalog.pg_proc'::regclass and p.proname = 'is_mirror_write'
                                and p.pronamespace = to_regnamespace('crossfade'))
            order by t.tgtype & 2 desc, t.tgname
            """;

    private static final String RULES = """
            select format('%I', r.rulename) from pg_catalog.pg_rewrite as r
            where r.ev_class = to_regclass({0}) and r.ev_enabled <> 'D' order by 1
            """;
    private static final String POLICIES = """
            select p.polname from pg_catalog.pg_policy as p
            where p.polrelid = to_regclass({0}) order by 1
            """;

    public TableHooks {
        triggers = List.copyOf(triggers);
        rules = List.copyOf(rules);
        policies = List.copyOf(policies);
    }

    /**
     * A trigger.
     *
     * @param name its name
     * @param before whether it runs before the row is written
     * @param remedy the statements that make it ignore the mirror's writes
     */
    record Trigger(String name, boolean before, String remedy) {}

    /** Reads them; the caller sets a savepoint around this. */
    public static TableHooks read(Connection connection, Relation relation) throws SQLException {
        DSLContext dsl = Databases.dsl(connection);
        var table = DSL.val(Databases.renderer().render(relation.qualifiedName()));
        // so that names are printed with their schema
        dsl.fetch("select pg_catalog.set_config('search_path', '', true)");
        boolean secured = Boolean.TRUE.equals(dsl.fetchValue(
                "select c.relrowsecurity from pg_catalog.pg_class as c where c.oid = to_regclass({0})", table));
        return new TableHooks(
                Boolean.TRUE.equals(
                        dsl.fetchValue("select to_regprocedure('crossfade.is_mirror_write(regclass)') is not null")),
                dsl.fetch(TRIGGERS, table).map(TableHooks::trigger),
                dsl.fetch(RULES, table).map(row -> row.get(0, String.class)),
                secured ? dsl.fetch(POLICIES, table).map(row -> row.get(0, String.class)) : List.of(),
                secured);
    }

    private static Trigger trigger(Record row) {
        String table = row.get(4, String.class);
        String name = row.get(7, String.class);
        List<String> remedy = new ArrayList<>();
        String guarded = guarded(row.get(2, String.class), row.get(3, String.class));
        if (row.get(6, Boolean.class)) {
            remedy.add("BEGIN; DROP TRIGGER %s ON %s".formatted(name, table));
            remedy.add(guarded);
        } else {
            remedy.add(guarded.replaceFirst("^CREATE TRIGGER", "CREATE OR REPLACE TRIGGER"));
        }
        if (row.get(5, Boolean.class)) {
            remedy.add("ALTER TABLE %s ENABLE ALWAYS TRIGGER %s".formatted(table, name));
        }
        if (row.get(6, Boolean.class)) {
            remedy.add("COMMIT");
        }
        return new Trigger(row.get(0, String.class), row.get(1, Boolean.class), String.join("; ", remedy) + ";");
    }

    /**
     * Returns a trigger's definition with one more condition.
     *
     * @param definition as {@code pg_get_triggerdef} prints it
     * @param table the table's name as a literal
     */
    static String guarded(String definition, String table) {
        String condition = "NOT crossfade.is_mirror_write(" + table + ")";
        int depth = 0;
        int when = -1;
        List<SqlToken> tokens = SqlScanner.scan(definition);
        for (int i = 0; i + 1 < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (depth == 0 && token.isWord("WHEN")) {
                when = token.end();
            }
            if (depth == 0 && token.isWord("EXECUTE") && tokens.get(i + 1).isWord("FUNCTION")) {
                String head = definition.substring(0, token.start());
                String tail = definition.substring(token.start());
                return when < 0
                        ? head + "WHEN (" + condition + ") " + tail
                        : definition.substring(0, when) + " ("
                                + definition.substring(when, token.start()).strip() + " AND " + condition + ") " + tail;
            }
        }
        return definition;
    }

    /** Tells whether there are no side effects. */
    boolean areNone() {
        return triggers.isEmpty() && rules.isEmpty();
    }

    /** Returns them in a sentence, empty if there are none. */
    public String named() {
        List<String> parts = new ArrayList<>();
        if (!triggers.isEmpty()) {
            parts.add("its triggers: "
                    + triggers.stream()
                            .map(one -> "%s (%s)".formatted(one.name(), one.before() ? "before" : "after"))
                            .collect(Collectors.joining(", ")));
        }
        if (!rules.isEmpty()) {
            parts.add("its rules: " + String.join(", ", rules));
        }
        return parts.isEmpty() ? "" : " What may have changed it: " + String.join("; ", parts) + ".";
    }

    /**
     * Returns what to do about them.
     *
     * @param table the table, as messages name it
     * @param otherwise what to do if there are none
     */
    public String remedy(String table, String otherwise) {
        if (areNone()) {
            return otherwise;
        }
        List<String> remedies = new ArrayList<>();
        if (!rules.isEmpty()) {
            remedies.add("Drop the rules of %s (DROP RULE %s ON %s): they rewrite what Crossfade writes."
                    .formatted(table, rules.getFirst(), table));
        }
        if (!triggers.isEmpty()) {
            remedies.add("%s the trigger leave the mirror's writes alone (runbook, \"Triggers\"): %s"
                    .formatted(
                            installed ? "Let" : "Run `crossfade install`, then let",
                            triggers.stream().map(Trigger::remedy).collect(Collectors.joining(" "))));
        }
        return String.join(" ", remedies);
    }
}
