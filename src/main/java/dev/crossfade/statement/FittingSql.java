package dev.crossfade.statement;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.lateral;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Table;

/**
 * Writes the mirror rows that break none of some rules, and returns the others. The rules are checked against values
 * that are cast as storing them would; what is written is the value itself, which the server may still refuse.
 *
 * @param columns the mirror's columns that are written
 * @param target the mirror's table, by whose name the rules call it
 * @param mirrored the upsert of mirror rows
 */
record FittingSql(List<Column> columns, String target, Upsert mirrored) {

    private static final String GIVEN = "crossfade_given";
    private static final String WRITTEN = "crossfade_written";

    /**
     * Renders the statement.
     *
     * @param rules the rules, whose places it returns
     * @param values the values of the columns, over {@code from}
     */
    Query of(List<TableRule> rules, List<Field<Object>> values, Table<?> from) {
        DSLContext renderer = Databases.renderer();
        Field<?> place = field(RowBinding.PLACE);
        Field<Integer> rule = field(name("crossfade_rule"), Integer.class);
        List<Field<?>> given = new ArrayList<>();
        List<Field<?>> looked = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Field<?> one = field(name(RowBinding.column(i)));
            given.add(values.get(i).as(one));
            looked.add(columns.get(i).stored(one).as(name(columns.get(i).name())));
        }
        given.add(place);
        Table<?> written = table(name(WRITTEN));
        return renderer.query(
                "with {0} as ({1}), {2} as ({3}) {4}",
                name(WRITTEN),
                renderer.select(
                                table(name(GIVEN)).asterisk(),
                                TableRule.firstBroken(rules).as(rule))
                        .from(
                                renderer.select(given).from(from).asTable(name(GIVEN)),
                                lateral(renderer.select(looked).asTable(name(target)))),
                name("crossfade_fitting"),
                mirrored.upsert(renderer.select(given.subList(0, columns.size()).stream()
                                .map(one -> field(one.getUnqualifiedName()))
                                .toList())
                        .from(written)
                        .where(rule.eq(inline(0)))),
                renderer.select(place, rule).from(written).where(rule.gt(inline(0))));
    }
}
