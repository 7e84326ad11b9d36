package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Record3;
import org.jooq.Select;
import org.jooq.Table;

/** Statements that find which rows refer to which, in one direction of a mapping. They only read. */
public final class ReferenceSql {

    private static final Name REFERRING = name("crossfade_referring");
    private static final Name REFERRED = name("crossfade_referred");

    private final DSLContext renderer = Databases.renderer();
    private final Projection projection;

    /** Creates the statements of a projection. */
    public ReferenceSql(Projection projection) {
        this.projection = projection;
    }

    /**
     * Returns a statement that finds, among rows to be written, those that refer to rows missing in the mirror. It
     * returns the row's place, the foreign key's place, and the place of the referenced row if that is one of the
     * rows to be written, else 0; all counted from 1.
     *
     * @param references at least one
     * @param reading whether the authoritative table is in the mirror's database: then keys are bound, else mirror
     *         rows, both numbered
     */
    public TextStatement missing(List<Reference> references, boolean reading) {
        List<Select<Record3<Integer, Integer, Integer>>> each = IntStream.range(0, references.size())
                .mapToObj(i -> missing(references.get(i), i + 1))
                .toList();
        Select<Record3<Integer, Integer, Integer>> all = each.getFirst();
        for (Select<Record3<Integer, Integer, Integer>> one : each.subList(1, each.size())) {
            all = all.unionAll(one);
        }
        Query query = renderer.query(
                "with {0} as materialized ({1}) {2}",
                LookedAtRows.NAME, new LookedAtRows(projection, reading).select(), all);
        return new TextStatement(renderer.render(query));
    }

    private Select<Record3<Integer, Integer, Integer>> missing(Reference reference, int number) {
        Table<Record> rows = table(LookedAtRows.NAME);
        Field<Integer> place = field(name(REFERRING, RowBinding.PLACE), Integer.class);
        List<Condition> complete = new ArrayList<>();
        List<Condition> there = new ArrayList<>();
        List<Condition> beside = new ArrayList<>();
        for (int i = 0; i < reference.columns().size(); i++) {
            Field<Object> refers =
                    field(name(REFERRING, written(reference.columns().get(i))));
            complete.add(refers.isNotNull());
            there.add(field(name(REFERRED, reference.referenced().get(i))).eq(refers));
            if (reference.isWithin()) {
                beside.add(field(name(REFERRED, written(reference.places().get(i))))
                        .eq(refers));
            }
        }
        Condition missing = and(complete)
                .and(notExists(
                        selectOne().from(table(reference.table()).as(REFERRED)).where(and(there))));
        if (!reference.isWithin()) {
            return renderer.select(place, inline(number), inline(0))
                    .from(rows.as(REFERRING))
                    .where(missing);
        }
        Field<Integer> other =
                field("coalesce({0}, 0)", Integer.class, field(name(REFERRED, RowBinding.PLACE), Integer.class));
        return renderer.select(place, inline(number), other)
                .from(rows.as(REFERRING))
                .leftJoin(rows.as(REFERRED))
                .on(and(beside))
                .where(missing);
    }

    /**
     * Returns a query of the authoritative side for references within the table. For each key it returns the key and,
     * for each foreign key, an array of the values that the row refers to and an array of its values that others
     * refer to, as texts. Binds keys.
     *
     * @param references those with {@link Reference#isWithin()}
     */
    public TextStatement links(List<Reference> references) {
        BoundRows bound = new BoundRows(RowBinding.MANY);
        Relation source = projection.source();
        List<Field<?>> fields = new ArrayList<>(bound.keyTexts(source));
        for (Reference one : references) {
            fields.add(texts(one.columns()));
            fields.add(texts(one.places()));
        }
        return new TextStatement(renderer.render(renderer.select(fields)
                .from(source.aliased())
                .join(bound.keysOf(source))
                .on(bound.match(source))));
    }

    /**
     * Returns a query of the authoritative side for the values that some rows refer to: the key, and for each foreign
     * key an array of texts. Binds keys.
     *
     * @param references at least one
     */
    public TextStatement referredTo(List<Reference> references) {
        BoundRows bound = new BoundRows(RowBinding.MANY);
        Relation source = projection.source();
        List<Field<?>> fields = new ArrayList<>(bound.keyTexts(source));
        references.forEach(one -> fields.add(texts(one.columns())));
        return new TextStatement(renderer.render(renderer.select(fields)
                .from(source.aliased())
                .join(bound.keysOf(source))
                .on(bound.match(source))));
    }

    /**
     * Returns a query of the mirror for values of a foreign key that refer to no row: the place of each, counted from
     * 1, and the key of the missing row as its own mapping would note it. Binds an array of texts for each column of
     * the foreign key.
     *
     * @param key the key columns of the referenced table, each at the place of the column that refers to it; empty if
     *         the foreign key refers to other columns: then no key is returned
     * @param order the places of these in the order of the key
     */
    public TextStatement absent(Reference reference, List<Column> key, List<Integer> order) {
        BoundRows bound = new BoundRows(RowBinding.NUMBERED);
        List<Column> columns = reference.columns().stream()
                .map(projection.targetColumns()::get)
                .toList();
        List<Field<Object>> values = bound.values(columns);
        List<Condition> complete = new ArrayList<>();
        List<Condition> there = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            complete.add(values.get(i).isNotNull());
            there.add(field(name(REFERRED, reference.referenced().get(i))).eq(values.get(i)));
        }
        List<Field<?>> fields = new ArrayList<>(List.of(field(RowBinding.PLACE)));
        order.forEach(i -> fields.add(key.get(i).keyText(key.get(i).cast(values.get(i)))));
        return new TextStatement(renderer.render(renderer.select(fields)
                .from(bound.of(columns.size()))
                .where(and(complete))
                .and(notExists(
                        selectOne().from(table(reference.table()).as(REFERRED)).where(and(there))))));
    }

    /**
     * Returns a query of the mirror for the rows that refer to given rows: the place of the given row, counted from
     * 1, and the key of the row that refers to it. Binds keys of the referenced table.
     *
     * @param referred the referenced table, by its key
     * @param order the places of that key's columns among those that the foreign key refers to
     */
    public TextStatement referring(Reference reference, Relation referred, List<Integer> order) {
        BoundRows bound = new BoundRows(RowBinding.NUMBERED);
        Relation target = projection.target();
        List<Field<Object>> key = bound.keyValues(referred);
        List<Condition> same = IntStream.range(0, key.size())
                .mapToObj(i -> target.field(projection
                                .targetColumns()
                                .get(reference.columns().get(order.get(i))))
                        .eq(key.get(i)))
                .toList();
        List<Field<?>> fields = new ArrayList<>(List.of(field(RowBinding.PLACE)));
        fields.addAll(target.keyTexts());
        return new TextStatement(renderer.render(renderer.select(fields)
                .from(target.aliased())
                .join(bound.keysOf(referred))
                .on(and(same))));
    }

    private Field<String[]> texts(List<Integer> columns) {
        List<Field<String>> texts = columns.stream()
                .map(i -> Column.text(field(
                        "cast({0} as {1})",
                        Object.class,
                        projection.targetValues().get(i),
                        raw(projection.targetColumns().get(i).type()))))
                .toList();
        return field("array[{0}]", String[].class, org.jooq.impl.DSL.list(texts));
    }

    private Name written(int column) {
        return name(projection.targetColumns().get(column).name());
    }
}
