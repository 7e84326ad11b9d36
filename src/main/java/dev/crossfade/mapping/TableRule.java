package dev.crossfade.mapping;

import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.when;

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
 * A rule that rows of a table must follow, each by itself: a check, or a column that must have a value. A server that
 * refuses a row names the rule that it breaks, so that the others that break it can be told without trying them.
 *
 * @param isBroken whether a row, under the names of the table's columns, breaks the rule
 */
public record TableRule(Condition isBroken) {

    private static final String NOT_NULL = "23502";
    private static final String CHECK = "23514";

    /**
     * Nothing where a trigger or a rewrite rule may change rows before they are looked at: a row that seems to break the rule may
     * be stored as one that follows it. A partition has the columns and the rules of its table.
     */
    private static final TextStatement EXPRESSION = new TextStatement("""
            select pg_get_expr(conbin, conrelid)
            from pg_class as c left join pg_constraint on conrelid = c.oid and contype = 'c' and conname = ?
            where c.oid = to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
                and to_regclass(format('%I.%I', cast(? as text), cast(? as text)))
                    in (select c.oid union all select relid from pg_partition_ancestors(c.oid) as ancestors (relid))
                and not c.relhasrules
                and not exists (
                    select from pg_trigger where tgrelid = c.oid and tgenabled <> 'D' and tgtype & 3 = 3) -- before, each row
            """);

    /**
     * Returns the rule that a server named when it refused a row; empty if it named none, or if it cannot be told from
     * the rows as they are written whether they break it.
     *
     * @param connection to that server
     * @param table the one that was written to
     */
    public static Optional<TableRule> brokenIn(Connection connection, SQLException failure, Relation table)
            throws SQLException {
        ServerErrorMessage said = failure instanceof PSQLException driver ? driver.getServerErrorMessage() : null;
        String state = said == null ? null : said.getSQLState();
        if (said == null
                || said.getSchema() == null
                || said.getTable() == null
                || !(NOT_NULL.equals(state) || CHECK.equals(state))) {
            return Optional.empty();
        }
        String column = said.getColumn();
        return EXPRESSION
                .query(
                        connection,
                        row -> Optional.ofNullable(row.getString(1)),
                        said.getConstraint(),
                        said.getSchema(),
                        said.getTable(),
                        table.schema(),
                        table.table())
                .stream()
                .findFirst()
                .flatMap(check -> CHECK.equals(state) ? check.map(TableRule::check) : notNull(column));
    }

    /** Returns the place, counted from 1, of the first of some rules that a row breaks; 0 if it breaks none. */
    static Field<Integer> firstBroken(List<TableRule> rules) {
        CaseConditionStep<Integer> places = when(rules.getFirst().isBroken(), inline(1));
        for (int i = 1; i < rules.size(); i++) {
            places = places.when(rules.get(i).isBroken(), inline(i + 1));
        }
        return places.otherwise(inline(0));
    }

    private static Optional<TableRule> notNull(@Nullable String column) {
        return Optional.ofNullable(column)
                .map(one -> new TableRule(field(name(one)).isNull()));
    }

    private static TableRule check(String expression) {
        return new TableRule(not(condition("{0}", raw(expression))));
    }
}
