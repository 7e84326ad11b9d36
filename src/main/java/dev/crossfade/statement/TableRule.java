package dev.crossfade.statement;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.when;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jooq.CaseConditionStep;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A rule for single rows of a table: a check constraint or a not-null column. A server that refuses a row names the
 * broken rule, so that the other rows that break it can be found without trying them.
 *
 * @param isBroken whether a row, under the names of the table's columns, breaks the rule
 */
public record TableRule(Condition isBroken) {

    /**
     * Selects only rules that give the same answer in a query as when the server stores the row: the rule belongs to
     * the written table itself, not to one behind a view or to a partition; no trigger runs before it; it reads only
     * columns that the mapping knows by their present types, with the default collation; and it calls only built-in
     * functions, as others may read other rows.
     */
    private static final TextStatement RULE = new TextStatement("""
            with known as (
                select a.attrelid, a.attnum, a.attname, a.attnotnull
                from unnest(cast(? as text[]), cast(? as text[])) as mapped (name, type)
                    join pg_attribute as a on a.attname = mapped.name and a.attnum > 0
                        and format_type(a.atttypid, a.atttypmod) = mapped.type
                where a.attrelid = to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
                    and (a.attcollation = 0
                        or a.attcollation = cast('pg_catalog."default"' as regcollation)
                            and a.atttypid in (cast('text' as regtype), cast('varchar' as regtype), cast('bpchar' as regtype)))
            )
            select pg_get_expr(rule.conbin, rule.conrelid),
                exists (select from known where attname = cast(? as text) and attnotnull)
            from pg_class as c
                left join pg_constraint as rule on rule.conrelid = c.oid and rule.contype = 'c' and rule.conname = cast(? as text)
                    and rule.conkey <@ (select array_agg(attnum) from known)
                    and not exists (
                        select from pg_depend -- none on what is built in
                        where classid = cast('pg_constraint' as regclass) and objid = rule.oid
                            and refclassid in (cast('pg_proc' as regclass), cast('pg_operator' as regclass)))
            where c.oid in (select attrelid from known)
                and c.oid = to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
                and not exists (
                    select from pg_trigger
                    where tgrelid = c.oid and tgenabled <> 'D' and tgtype & 3 = 3) -- before each row
            """);

    /**
     * Returns the rule that a server named when it refused a row; empty if it named none, or if a query cannot tell
     * which of the rows break it.
     *
     * @param connection to that server
     * @param table the table that was written
     */
    public static Optional<TableRule> brokenIn(Connection connection, SQLException failure, Relation table)
            throws SQLException {
        ServerErrorMessage said = failure instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        String state = said == null ? null : said.getSQLState();
        if (said == null
                || said.getSchema() == null
                || said.getTable() == null
                || !(SqlState.NOT_NULL_VIOLATION.equals(state) || SqlState.CHECK_VIOLATION.equals(state))) {
            return Optional.empty();
        }
        List<Column> columns = table.allColumns();
        return RULE
                .query(
                        connection,
                        row -> SqlState.CHECK_VIOLATION.equals(state)
                                ? Optional.ofNullable(row.getString(1)).map(TableRule::check)
                                : Optional.of(row.getBoolean(2))
                                        .filter(known -> known)
                                        .map(known -> notNull(said.getColumn())),
                        columns.stream().map(Column::name).toArray(String[]::new),
                        columns.stream().map(Column::type).toArray(String[]::new),
                        table.schema(),
                        table.table(),
                        said.getColumn(),
                        said.getConstraint(),
                        said.getSchema(),
                        said.getTable())
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns the place, counted from 1, of the first rule that a row breaks; 0 if it breaks none. */
    static Field<Integer> firstBroken(List<TableRule> rules) {
        CaseConditionStep<Integer> places = when(rules.getFirst().isBroken(), inline(1));
        for (int i = 1; i < rules.size(); i++) {
            places = places.when(rules.get(i).isBroken(), inline(i + 1));
        }
        return places.otherwise(inline(0));
    }

    /** Not {@code is null}, which is true for a composite value whose columns are all null. */
    private static TableRule notNull(@Nullable String column) {
        return new TableRule(condition("{0} is not distinct from null", name(column)));
    }

    private static TableRule check(String expression) {
        return new TableRule(not(condition("{0}", raw(expression))));
    }
}
