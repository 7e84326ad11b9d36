package dev.crossfade.check;

import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.insertInto;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.val;

import dev.crossfade.check.ExpressionReads.Reads;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.check.Probe.Answer.Refusal;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.Side;
import dev.crossfade.sql.Spelling;
import dev.crossfade.sql.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record1;
import org.jooq.Select;

/** Asks the server about each expression of one direction: is it valid, and can the column store its value. */
final class ExpressionCheck {

    /** An unknown type, or an unknown schema before its name. */
    private static final Set<String> UNDEFINED_TYPE = Set.of(SqlState.UNDEFINED_OBJECT, SqlState.UNKNOWN_SCHEMA);

    private static final String GRANT =
            "Grant the user of this check what a service needs: USAGE on the schema; SELECT, INSERT, UPDATE and DELETE on the table; EXECUTE on functions.";

    /** Misplaced aggregate or window function, or a set-returning function. */
    private static final Set<String> NOT_OF_ONE_ROW =
            Set.of(SqlState.GROUPING_ERROR, SqlState.WINDOWING_ERROR, SqlState.FEATURE_NOT_SUPPORTED);

    private final LiveMapping live;
    private final SourceRow row;
    private final LiveTable source;
    private final Probe sourceProbe;
    private final Probe targetProbe;
    private final MappingReads reads;

    /** Creates the check of what is derived from {@code row}. */
    ExpressionCheck(SourceRow row, LiveTable source, MappingReads reads, Probes probes) {
        this.live = row.live();
        this.row = row;
        this.source = source;
        this.reads = reads;
        this.sourceProbe = probes.of(live, row.side());
        this.targetProbe = probes.of(live, row.side().opposite());
    }

    /** Returns the findings about one expression. */
    List<Finding> findings(Derived derived) {
        String path = live.path(row.side().opposite(), derived);
        List<Finding> findings = new ArrayList<>(ExpressionText.findings(path, derived.expression()));
        if (findings.isEmpty()) {
            Optional<Finding> refused = refused(path, derived.expression());
            refused.ifPresent(findings::add);
            if (refused.isEmpty()) {
                refusedWhereSaved(path, derived.expression()).ifPresent(findings::add);
                targetColumn(derived)
                        .flatMap(column -> unstorable(path, column, derived.expression()))
                        .ifPresent(findings::add);
                new SearchPathCheck(row, sourceProbe)
                        .finding(path, derived.expression())
                        .ifPresent(findings::add);
                findings.addAll(volatileCalls(path, derived.expression()));
                findings.addAll(otherTables(path, derived));
            }
        }
        return findings;
    }

    /** Returns, for two databases, why the key cannot be converted where it is read. */
    List<Finding> keyFindings() {
        List<Finding> findings = new ArrayList<>();
        if (sourceProbe == targetProbe) {
            return findings;
        }
        Relation target = live.mapping().relation(row.side().opposite());
        for (int i = 0; i < target.key().size(); i++) {
            Column from = row.relation().key().get(i);
            String path = live.path("key", live.mapping().legacy().key().get(i).name());
            if (source.column(from.name()).isPresent()
                    && !target.key().get(i).type().isEmpty()) {
                Select<?> cast = select(target.key().get(i).cast(row.relation().field(from)))
                        .from(row.all());
                if (sourceProbe.ask(dsl -> explain(dsl, cast)) instanceof Refusal<?> refusal) {
                    findings.add(unknownType(path, target.key().get(i), refusal));
                }
            }
        }
        return findings;
    }

    private Optional<LiveColumn> targetColumn(Derived derived) {
        return live.table(row.side().opposite())
                .flatMap(table -> table.column(derived.column().name()))
                .filter(LiveColumn::isWritable);
    }

    private Optional<Finding> refused(String path, String expression) {
        Select<?> evaluated = select(SourceRow.value()).from(row.all()).crossJoin(SourceRow.evaluated(expression));
        return sourceProbe.ask(dsl -> explain(dsl, evaluated)) instanceof Refusal<?> refusal
                ? Optional.of(notEvaluated(path, expression, refusal))
                : Optional.empty();
    }

    /** While legacy decides, the service's records are restored in the legacy database, which saves them. */
    private Optional<Finding> refusedWhereSaved(String path, String expression) {
        if (row.side() == Side.LEGACY || sourceProbe == targetProbe) {
            return Optional.empty();
        }
        List<Field<Object>> record = row.relation().allColumns().stream()
                .map(column -> column.cast(inline((Object) null)).as(name(column.name())))
                .toList();
        Select<?> saved = select(field("({0})", raw(expression)))
                .from(select(record).asTable(name(row.relation().table())));
        return targetProbe.ask(dsl -> explain(dsl, saved)) instanceof Refusal<?> refusal
                ? Optional.of(said(
                        path,
                        "The legacy database, in which records are saved while legacy decides, does not accept the expression",
                        refusal,
                        "Let restore read the record alone, and use what both databases have."))
                : Optional.empty();
    }

    private Finding notEvaluated(String path, String expression, Refusal<?> refusal) {
        if (refusal.sqlState().equals(SqlState.UNDEFINED_COLUMN)) {
            List<String> readable = live.readable(row.side());
            List<String> hidden = source.columnNames().stream()
                    .filter(column -> !readable.contains(column))
                    .toList();
            Set<String> outOfReach = ExpressionText.mentioned(expression, hidden);
            return outOfReach.isEmpty() ? unknownColumn(path, expression, refusal) : outOfReach(path, outOfReach);
        }
        String remedy = "Write SQL over one row of %s.".formatted(source);
        if (NOT_OF_ONE_ROW.contains(refusal.sqlState())) {
            remedy =
                    "Write an expression over one row, without aggregates, window functions and functions that return sets.";
        } else if (refusal.sqlState().equals(SqlState.INSUFFICIENT_PRIVILEGE)) {
            remedy = GRANT;
        }
        return said(
                path,
                "The %s database does not accept the expression"
                        .formatted(row.side().label()),
                refusal,
                remedy);
    }

    private Finding unknownColumn(String path, String expression, Refusal<?> refusal) {
        String remedy = ExpressionText.isBareWord(expression)
                ? "%s If a text is meant, give it SQL's quotes inside YAML's: \"'%s'\"."
                        .formatted(Spelling.remedy(expression, live.readable(row.side()), columnsRemedy()), expression)
                : columnsRemedy();
        return said(path, "The expression names a column that %s does not have".formatted(source), refusal, remedy);
    }

    private String columnsRemedy() {
        return "The columns that it may use are: %s.".formatted(String.join(", ", live.readable(row.side())));
    }

    private Finding outOfReach(String path, Set<String> columns) {
        String named = String.join(", ", columns);
        if (row.side() == Side.LEGACY) {
            return Finding.error(
                    path,
                    "The expression reads %s, which the mapping itself derives.".formatted(named),
                    "Let project read legacy and shared columns alone.");
        }
        return Finding.error(
                path,
                "The expression reads %s, which is not part of the modern shape: neither key nor under project%s."
                        .formatted(named, live.inPlace() ? " nor shared" : ""),
                "Add it under project, or restore from another column.");
    }

    private Optional<Finding> unstorable(String path, LiveColumn column, String expression) {
        return sourceProbe == targetProbe
                ? refusedStore(
                        path,
                        column,
                        sourceProbe,
                        insert(column, select(field("({0})", raw(expression))).from(row.all())))
                : unstorableElsewhere(path, column, expression);
    }

    /** With two databases, one converts the value and the other stores it. */
    private Optional<Finding> unstorableElsewhere(String path, LiveColumn column, String expression) {
        Derived derived = new Derived(column.column(), expression);
        if (sourceProbe.ask(dsl -> explain(dsl, select(derived.value()).from(row.all())))
                instanceof Refusal<?> refusal) {
            return Optional.of(
                    UNDEFINED_TYPE.contains(refusal.sqlState())
                            ? unknownType(path, column.column(), refusal)
                            : said(path, cannotTake(column), refusal, castRemedy(column, refusal)));
        }
        if (ExpressionText.isUntypedLiteral(expression)) {
            return refusedStore(path, column, targetProbe, insert(column, select(field("({0})", raw(expression)))));
        }
        String type = sourceProbe.require(dsl -> typeOf(dsl, expression));
        Optional<Finding> refused =
                refusedStore(path, column, targetProbe, insert(column, select(field("cast(null as {0})", raw(type)))));
        boolean typeOfSourceAlone = targetProbe.ask(dsl -> explain(dsl, select(field("cast(null as {0})", raw(type)))))
                instanceof Refusal<?>;
        return typeOfSourceAlone ? Optional.empty() : refused;
    }

    private Optional<Finding> refusedStore(String path, LiveColumn column, Probe probe, Query insert) {
        return probe.ask(dsl -> explain(dsl, insert)) instanceof Refusal<?> refusal
                ? Optional.of(said(path, cannotTake(column), refusal, castRemedy(column, refusal)))
                : Optional.empty();
    }

    private String cannotTake(LiveColumn column) {
        return "The column '%s' (%s) cannot take the value of the expression".formatted(column.name(), column.type());
    }

    private static String castRemedy(LiveColumn column, Refusal<?> refusal) {
        return refusal.sqlState().equals(SqlState.INSUFFICIENT_PRIVILEGE)
                ? GRANT
                : "Convert it in the expression: cast(… as %s)."
                        .formatted(column.column().castType());
    }

    private Finding unknownType(String path, Column column, Refusal<?> refusal) {
        return said(
                path,
                "The %s database, where the value is converted, does not know the type %s"
                        .formatted(row.side().label(), column.type()),
                refusal,
                "Create the type in both databases, or give the column a type that both know, such as text.");
    }

    private Query insert(LiveColumn column, Select<Record1<Object>> values) {
        return insertInto(live.mapping().relation(row.side().opposite()).toTable(), field(name(column.name())))
                .select(values);
    }

    private String typeOf(DSLContext dsl, String expression) {
        Select<?> none = select(SourceRow.value())
                .from(row.all())
                .crossJoin(SourceRow.evaluated(expression))
                .where(falseCondition());
        return dsl.fetchSingle("""
                        select case when n.nspname = 'pg_catalog' then pg_catalog.format_type(t.oid, null)
                                    else pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) end
                        from (select pg_catalog.pg_typeof(none.value) as id
                              from (select 1) as one left join ({0}) as none on true) as v
                        join pg_catalog.pg_type as t on t.oid = v.id
                        join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
                        """, none).get(0, String.class);
    }

    /** PostgreSQL's own volatile functions are errors; a service's own may only lack their declaration. */
    private List<Finding> volatileCalls(String path, String expression) {
        Set<String> called = ExpressionText.called(expression);
        if (called.isEmpty()) {
            return List.of();
        }
        return sourceProbe.require(dsl -> dsl.fetch("""
                        select p.proname, bool_or(n.nspname = 'pg_catalog')
                        from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
                        where p.proname = any ({0})
                        group by p.proname having bool_and(p.provolatile = 'v') order by p.proname
                        """, val(called.toArray(String[]::new)))
                .map(found -> {
                    String function = found.get(0, String.class);
                    return found.get(1, Boolean.class)
                            ? Finding.error(
                                    path,
                                    "'%s' is not a function of the row: it gives another value each time."
                                            .formatted(function),
                                    "Both sides must come to the same value at any time; use a column of the row.")
                            : Finding.warning(
                                    path,
                                    "The function '%s' is declared VOLATILE, so it may give another value each time."
                                            .formatted(function),
                                    "If it depends on its arguments alone, declare it: ALTER FUNCTION … IMMUTABLE.");
                }));
    }

    private List<Finding> otherTables(String path, Derived derived) {
        Reads read = reads.of(row.side(), derived);
        List<Finding> findings = new ArrayList<>();
        if (!read.tables().isEmpty()) {
            List<String> tables = read.tables().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(table -> table.getValue().isEmpty()
                            ? table.getKey()
                            : "%s (%s)".formatted(table.getKey(), String.join(", ", new TreeSet<>(table.getValue()))))
                    .toList();
            findings.add(
                    Finding.warning(
                            path,
                            "The expression reads other rows, of %s: a change there alone is not noticed and does not reach the mirror."
                                    .formatted(String.join(" and ", tables)),
                            "Make sure that they never change, or let the service save the record again when they do; verify --repair finds what was missed."));
        }
        if (!read.opaque().isEmpty()) {
            findings.add(Finding.warning(
                    path,
                    "The expression calls %s, which may read tables: a change there alone is not noticed and does not reach the mirror."
                            .formatted(String.join(" and ", new TreeSet<>(read.opaque()))),
                    "If it depends on its arguments alone, declare it: ALTER FUNCTION … IMMUTABLE."));
        }
        return findings;
    }

    private static Finding said(String path, String problem, Refusal<?> refusal, String remedy) {
        String hint = refusal.hint().isEmpty() ? "" : " (" + refusal.hint() + ")";
        return Finding.error(
                path,
                "%s: %s%s [SQLSTATE %s].".formatted(problem, refusal.message(), hint, refusal.sqlState()),
                remedy);
    }

    private static int explain(DSLContext dsl, Query query) {
        return dsl.fetch("explain {0}", query).size();
    }
}
