package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.when;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyTypes;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.Table;

/** The statements of {@link GivenSql} for any number of records: what was written is joined with what was given. */
record GivenRecordsSql(Projection projection, RowBinding binding, GivenCheck check, Condition permission)
        implements GivenSql {

    private static final Name GIVEN = name("crossfade_given");
    private static final Name WRITTEN = name("crossfade_written");
    private static final Name BACK = name("crossfade_back");
    private static final Name COMPARED = name("crossfade_compared");
    private static final Name MIRRORED = name("crossfade_mirrored");
    private static final Name NOTED = name("crossfade_noted");
    private static final Name ALTERATIONS = name("crossfade_alterations");
    private static final Field<Object> NO_ALTERATIONS = field("cast(null as text[])", Object.class);
    private static final DSLContext RENDERER = Databases.renderer();

    @Override
    public TextStatement save() {
        return render(RENDERER.query(
                "{0} {1}",
                saved(), RENDERER.select(texts()).select(field(ALTERATIONS)).from(table(COMPARED))));
    }

    @Override
    public TextStatement saveAndNote() {
        int width = texts().size();
        return render(RENDERER.query(
                "{0}, {1} as ({2}) {3} union all {4}",
                saved(),
                NOTED,
                new IntentSql(width).appending(COMPARED),
                RENDERER.select(IntentSql.idAndKey(width))
                        .select(NO_ALTERATIONS)
                        .from(table(NOTED)),
                altered()));
    }

    @Override
    public TextStatement saveAndMirror() {
        List<Field<?>> values = new ArrayList<>();
        IntStream.range(0, projection.targetColumns().size()).forEach(i -> values.add(field(name(value(i)))));
        Query mirrored = Upsert.ofMirrorRows(projection)
                .upsert(RENDERER.select(values.toArray(Field[]::new)).from(table(BACK)));
        List<Field<?>> nothing = Collections.nCopies(texts().size(), field("cast(null as text)"));
        Field<?> written = field("count(*)");
        Query both = RENDERER.query(
                "{0}, {1} as ({2}) {3} union all {4}",
                saved(),
                MIRRORED,
                mirrored,
                RENDERER.select(written).select(nothing).select(NO_ALTERATIONS).from(table(BACK)),
                altered());
        return new TextStatement(RENDERER.render(both)
                + StatementMark.to(projection.target())
                + StatementMark.of(mapping().entity()).routes());
    }

    /** The rows that have alterations, with nothing in the column before the key. */
    private Query altered() {
        return RENDERER.select(field("cast(null as bigint)"))
                .select(texts())
                .select(field(ALTERATIONS))
                .from(table(COMPARED))
                .where(field(ALTERATIONS).isNotNull());
    }

    /** The given records, the rows written, their projection, and the differences. */
    private Query saved() {
        return RENDERER.query(
                "with {0} as ({1}), {2} as ({3}), {4} as ({5}), {6} as ({7})",
                GIVEN, given(), WRITTEN, written(), BACK, back(), COMPARED, compared());
    }

    private Query given() {
        List<Column> shape = mapping().modern().allColumns();
        Table<?> typed = new BoundRows(binding)
                .typed(shape, 0, permission)
                .asTable(name(mapping().modern().table()));
        List<Field<?>> fields = new ArrayList<>();
        shape.forEach(column -> fields.add(mapping().modern().field(column)));
        List<Field<Object>> keys = legacyKeys();
        IntStream.range(0, keys.size()).forEach(i -> fields.add(keys.get(i).as(givenKey(i))));
        return RENDERER.select(fields).from(typed);
    }

    /** The key of a given record as the legacy side stores it. */
    private List<Field<Object>> legacyKeys() {
        Relation modern = mapping().modern();
        List<Field<Object>> keys = new ArrayList<>();
        for (int i = 0; i < modern.key().size(); i++) {
            Column key = modern.key().get(i);
            keys.add(KeyTypes.convert(
                    modern.field(key), key, mapping().legacy().key().get(i)));
        }
        return keys;
    }

    /** In key order, so that concurrent batches never deadlock. */
    private Query written() {
        Relation legacy = mapping().legacy();
        List<Field<?>> values = new ArrayList<>();
        List<Field<?>> order = new ArrayList<>();
        for (int i = 0; i < legacy.key().size(); i++) {
            values.add(field(givenKey(i)));
            order.add(field(givenKey(i)));
        }
        for (Column column : legacy.columns()) {
            values.add(ProjectionSql.restored(mapping(), column));
        }
        return Upsert.ofRecords(legacy, legacy.allColumns())
                .upsert(RENDERER.select(values.toArray(Field[]::new))
                        .from(table(GIVEN).as(name(mapping().modern().table())))
                        .orderBy(order))
                .returning(asterisk());
    }

    private Query back() {
        Relation legacy = projection.source();
        List<Field<?>> fields = new ArrayList<>();
        for (int i = 0; i < legacy.key().size(); i++) {
            fields.add(legacy.field(legacy.key().get(i)).as(name(key(i))));
            fields.add(legacy.keyTexts().get(i).as(name(RowBinding.column(i))));
        }
        List<Field<Object>> values = projection.targetValues();
        IntStream.range(0, values.size()).forEach(i -> fields.add(values.get(i).as(name(value(i)))));
        return RENDERER.select(fields).from(table(WRITTEN).as(name(legacy.table())));
    }

    /** A row whose key a trigger has changed matches no record and is not compared. */
    private Query compared() {
        List<Column> targets = projection.targetColumns();
        Field<Object> alterations = check.alterations(
                projection,
                texts(),
                column -> field(name(GIVEN, name(column.name()))),
                column -> field(name(BACK, name(value(targets.indexOf(column))))));
        Field<Object> found = when(field(name(GIVEN, givenKey(0))).isNotNull(), alterations);
        List<Condition> same = new ArrayList<>();
        for (int i = 0; i < mapping().legacy().key().size(); i++) {
            same.add(field(name(GIVEN, givenKey(i))).eq(field(name(BACK, name(key(i))))));
        }
        return RENDERER.select(texts())
                .select(found.as(ALTERATIONS))
                .from(table(BACK).leftJoin(table(GIVEN)).on(and(same)));
    }

    private TableMapping mapping() {
        return projection.mapping();
    }

    private List<Field<String>> texts() {
        return IntStream.range(0, mapping().legacy().key().size())
                .mapToObj(i -> field(name(RowBinding.column(i)), String.class))
                .toList();
    }

    private static Name givenKey(int i) {
        return name("crossfade_given_key_" + (i + 1));
    }

    private static String key(int i) {
        return "crossfade_key_" + (i + 1);
    }

    private static String value(int i) {
        return "crossfade_value_" + (i + 1);
    }

    private TextStatement render(Query query) {
        return new TextStatement(
                RENDERER.render(query) + StatementMark.of(mapping().entity()).routes());
    }
}
