package dev.crossfade.check;

import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.crossfade.check.Probe.Answer;
import dev.crossfade.sql.SqlState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Query;

/**
 * Checks whether an expression resolves a name by the session's search path: another session would then find
 * something else under that name, or nothing.
 *
 * @param row what the expression reads
 * @param probe where it is evaluated
 */
record SearchPathCheck(SourceRow row, Probe probe) {

    /** An unknown type, schema, or table. */
    private static final Set<String> UNDEFINED =
            Set.of(SqlState.UNDEFINED_OBJECT, SqlState.UNKNOWN_SCHEMA, SqlState.UNDEFINED_TABLE);

    /** Returns the finding, empty if nothing is resolved by the search path. */
    Optional<Finding> finding(String path, String expression) {
        Query evaluated = select(SourceRow.value()).from(row.all()).crossJoin(SourceRow.evaluated(expression));
        Answer<Integer> answer = probe.ask(dsl -> {
            dsl.execute("set local search_path = ''");
            return dsl.fetch("explain {0}", evaluated).size();
        });
        return answer instanceof Answer.Refusal<Integer> refusal
                ? Optional.of(finding(path, expression, refusal))
                : Optional.empty();
    }

    private Finding finding(String path, String expression, Answer.Refusal<?> refusal) {
        List<String> functions = refusal.sqlState().equals(SqlState.UNDEFINED_FUNCTION)
                ? probe.require(dsl -> foreignFunctions(dsl, ExpressionText.called(expression)))
                : List.of();
        if (functions.isEmpty() && !UNDEFINED.contains(refusal.sqlState())) {
            return Finding.warning(
                    path,
                    "An operator of the expression is found by the session's search_path: %s [SQLSTATE %s] without it."
                            .formatted(refusal.message(), refusal.sqlState()),
                    "Give every session a search_path that finds it, or name its schema: a OPERATOR(schema.+) b.");
        }
        String what = functions.isEmpty() ? refusal.message() : String.join(", ", functions);
        return Finding.error(
                path,
                "The expression depends on the session's settings: by its search_path it finds what it names without a schema (%s)."
                        .formatted(what),
                "Name it with its schema, as in public.%s: another session may find something else under the same name, or nothing."
                        .formatted(functions.isEmpty() ? "name" : functions.getFirst() + "(…)"));
    }

    /** Those of the functions that exist only outside the system schemas. */
    private static List<String> foreignFunctions(DSLContext dsl, Set<String> called) {
        return dsl.fetch("""
                        select cast(p.proname as text)
                        from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
                        where p.proname = any ({0})
                        group by p.proname having not bool_or(n.nspname = 'pg_catalog') order by 1
                        """, val(called.toArray(String[]::new))).map(found -> found.get(0, String.class));
    }
}
