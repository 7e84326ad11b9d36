package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.trueCondition;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/** Statements about mirror rows that hold a unique value which another row is to get, in one direction of a mapping. */
public final class UniqueRuleSql {

    private static final Name ROW = name("crossfade_row");
    private static final Name OTHER = name("crossfade_other");
    private static final Name GONE = name("crossfade_gone");
    private static final Name OWN = name("crossfade_own");
    private static final Name KEY_TEXT = name("crossfade_key_text");

    private final DSLContext renderer = Databases.renderer();
    private final Projection projection;
    private final Relation target;
    private final boolean reading;
    private final String mirrors;

    /**
     * Creates the statements of a projection.
     *
     * @param reading whether the authoritative table is in the mirror's database: then keys are bound, else mirror rows
     */
    public UniqueRuleSql(Projection projection, boolean reading) {
        this.projection = projection;
        this.target = projection.target();
        this.reading = reading;
        this.mirrors = StatementMark.of(projection.mapping().entity()).mirrors();
    }

    /**
     * Returns a statement that finds, among rows to be written, those whose values another row holds. It returns the
     * row's place, the rule's place, the other row's place if it is to be written too, else 0, and its key if it is
     * in the mirror, else null; places are counted from 1. If two rows are to get the same value, the one without it
     * is returned, or the later one if neither has it. Binds keys or mirror rows, numbered.
     *
     * @param rules at least one
     */
    public TextStatement collisions(List<UniqueRule> rules) {
        List<Query> each = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            each.add(held(rules.get(i), i + 1));
            each.add(wantedTwice(rules.get(i), i + 1));
        }
        Query all = each.getFirst();
        for (Query one : each.subList(1, each.size())) {
            all = renderer.query("{0} union all {1}", all, one);
        }
        return render(renderer.query("with {0} as materialized ({1}) {2}", LookedAtRows.NAME, rows(), all), "");
    }

    private Select<Record> rows() {
        return new LookedAtRows(projection, reading).select();
    }

    private Query held(UniqueRule rule, int number) {
        return renderer.query(
                "select {0}, {1}, coalesce({2}, 0), {3} from ({4}) as {5} join ({6}) as {7} on {8} left join {9} on {10}",
                field(name(ROW, RowBinding.PLACE)),
                inline(number),
                field(name(LookedAtRows.NAME, RowBinding.PLACE)),
                field(name(OTHER, KEY_TEXT)),
                looked(rule),
                ROW,
                stored(rule),
                OTHER,
                excludes(rule).and(sameKey(ROW, OTHER).not()),
                LookedAtRows.NAME,
                sameKey(LookedAtRows.NAME, OTHER));
    }

    private Query wantedTwice(UniqueRule rule, int number) {
        Field<Integer> own = renderer.select(field("case when {0} then 1 else 0 end", Integer.class, owns(rule)))
                .asField();
        Field<Integer> place = field(name(ROW, RowBinding.PLACE), Integer.class);
        Field<Integer> otherPlace = field(name(OTHER, RowBinding.PLACE), Integer.class);
        Field<Integer> mine = field(name(ROW, OWN), Integer.class);
        Field<Integer> others = field(name(OTHER, OWN), Integer.class);
        Name owned = name("crossfade_owned_" + number);
        Query ownership = renderer.query("select {0}.*, {1} as {2} from ({3}) as {0}", ROW, own, OWN, looked(rule));
        return renderer.query(
                "(with {0} as materialized ({1}) select {2}, {3}, {4}, cast(null as text[]) from {0} as {5} join {0} as {6} on {7} group by {2})",
                owned,
                ownership,
                place,
                inline(number),
                min(otherPlace),
                ROW,
                OTHER,
                excludes(rule)
                        .and(place.ne(otherPlace))
                        .and(or(others.gt(mine), others.eq(mine).and(otherPlace.lt(place)))));
    }

    private Condition owns(UniqueRule rule) {
        return condition(
                "exists (select from ({0}) as {1} where {2})",
                stored(rule), OTHER, excludes(rule).and(sameKey(ROW, OTHER)));
    }

    /**
     * The rows to be written, under the name of the table, because the rule's own SQL reads its columns; columns that
     * are not written come from the mirror's rows.
     */
    private Query looked(UniqueRule rule) {
        List<Field<?>> fields = valuesOf(rule);
        fields.add(field(RowBinding.PLACE));
        List<Field<?>> all = new ArrayList<>();
        all.add(field("{0}.*", LookedAtRows.NAME));
        rule.unwritten().forEach(column -> all.add(field(name(OTHER, name(column)))));
        Query rows = renderer.query(
                "select {0} from {1} left join {2} as {3} on {4}",
                list(all), LookedAtRows.NAME, target.qualifiedName(), OTHER, sameKey(LookedAtRows.NAME, OTHER));
        return renderer.select(fields)
                .from(table("({0})", rows).as(name(target.table())))
                .where(isIndexed(rule));
    }

    private Query stored(UniqueRule rule) {
        List<Field<?>> fields = valuesOf(rule);
        fields.add(field("array[{0}]", String[].class, list(target.keyTexts())).as(KEY_TEXT));
        return renderer.select(fields).from(target.aliased()).where(isIndexed(rule));
    }

    private List<Field<?>> valuesOf(UniqueRule rule) {
        List<Field<?>> fields = new ArrayList<>();
        target.key().forEach(column -> fields.add(target.field(column).as(name(column.name()))));
        for (int i = 0; i < rule.values().size(); i++) {
            fields.add(field("{0}", Object.class, raw(rule.values().get(i))).as(value(i)));
        }
        return fields;
    }

    private static Condition isIndexed(UniqueRule rule) {
        return rule.predicate() == null ? trueCondition() : condition("{0}", raw(rule.predicate()));
    }

    private static Condition excludes(UniqueRule rule) {
        return and(IntStream.range(0, rule.values().size())
                .mapToObj(i -> condition(
                        "{0} {1} {2}",
                        field(name(OTHER, value(i))), raw(rule.operators().get(i)), field(name(ROW, value(i)))))
                .toList());
    }

    private static Name value(int index) {
        return name("crossfade_value_" + (index + 1));
    }

    private Condition sameKey(Name one, Name other) {
        return and(target.key().stream()
                .map(column -> field(name(one, name(column.name()))).eq(field(name(other, name(column.name())))))
                .toList());
    }

    /** Empties the columns of a rule in the mirror rows of some keys. Binds keys. */
    public TextStatement empty(UniqueRule rule) {
        BoundRows bound = new BoundRows(RowBinding.MANY);
        Map<Field<?>, Field<?>> values = new LinkedHashMap<>();
        rule.emptied().forEach(column -> values.put(field(name(column)), inline((Object) null)));
        return render(
                renderer.update(target.toTable())
                        .set(values)
                        .from(bound.keysOf(target))
                        .where(bound.match(target)),
                mirrors);
    }

    /**
     * Deletes mirror rows and, after all deletes, reinserts them in the same statement; columns that the mapping does
     * not write are kept. Binds keys or mirror rows, numbered.
     *
     * @param kept the columns that the mapping does not write but a statement may
     */
    public TextStatement replace(List<String> kept) {
        List<Field<?>> into = new ArrayList<>();
        List<Field<?>> values = new ArrayList<>();
        for (Column column : projection.targetColumns()) {
            into.add(field(name(column.name())));
            values.add(field(name(LookedAtRows.NAME, name(column.name()))));
        }
        for (String column : kept) {
            into.add(field(name(column)));
            values.add(field(name(GONE, name(column))));
        }
        Table<?> rows = table(LookedAtRows.NAME);
        Condition deleted = and(target.key().stream()
                .map(column -> target.field(column).eq(field(name(LookedAtRows.NAME, name(column.name())))))
                .toList());
        return render(
                renderer.query(
                        "with {0} as materialized ({1}), {2} as (delete from {3} as {5} using {0} where {4} returning {5}.*)"
                                + " insert into {3} ({6}) overriding system value select {7} from {0} join {2} on {8}"
                                + " where (select count(*) from {2}) > 0",
                        rows,
                        rows(),
                        GONE,
                        target.qualifiedName(),
                        deleted,
                        name(target.table()),
                        list(into),
                        list(values),
                        sameKey(LookedAtRows.NAME, GONE)),
                mirrors);
    }

    private TextStatement render(Query query, String mark) {
        return new TextStatement(renderer.render(query) + mark);
    }
}
