package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyTypes;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.SelectField;
import org.jooq.SelectFieldOrAsterisk;
import org.jooq.Table;

/**
 * The statements of {@link GivenSql} for one record, which most saves are: the authoritative upsert itself returns
 * the alterations, so that they cost little more than the comparison. Expressions in its RETURNING see the stored
 * row.
 */
record GivenRecordSql(Projection projection, GivenCheck check, Condition permission) implements GivenSql {

    private static final Name GIVEN = name("crossfade_given");
    private static final Name WRITTEN = name("crossfade_written");
    private static final Name MIRRORED = name("crossfade_mirrored");
    private static final Field<Object> ALTERATIONS = field(name("crossfade_alterations"));
    private static final DSLContext RENDERER = Databases.renderer();

    @Override
    public TextStatement save() {
        List<SelectField<?>> returned = new ArrayList<>(legacy().keyTexts());
        returned.add(alterations());
        return render(saved(returned), "");
    }

    @Override
    public TextStatement saveAndNote() {
        IntentSql intents = new IntentSql(legacy().key().size());
        List<SelectField<?>> returned = new ArrayList<>(IntentSql.namedKeyTexts(legacy()));
        returned.add(alterations().as(ALTERATIONS));
        return render(intents.noting(saved(returned), List.of(ALTERATIONS)), "");
    }

    @Override
    public TextStatement saveAndMirror() {
        Table<?> rows = table(WRITTEN).as(name(legacy().table()));
        Query both = RENDERER.query(
                "with {0} as ({1}), {2} as ({3}) {4}",
                WRITTEN,
                saved(List.<SelectFieldOrAsterisk>of(asterisk(), alterations().as(ALTERATIONS))),
                MIRRORED,
                Upsert.ofMirrorRows(projection)
                        .upsert(RENDERER.select(projection.targetValues()).from(rows)),
                RENDERER.select(inline(1))
                        .select(legacy().keyTexts())
                        .select(ALTERATIONS)
                        .from(rows));
        return render(both, StatementMark.to(projection.target()));
    }

    /** Upserts the record. */
    private Query saved(List<? extends SelectFieldOrAsterisk> returned) {
        TableMapping mapping = projection.mapping();
        Relation modern = mapping.modern();
        List<Column> shape = modern.allColumns();
        List<Field<?>> values = new ArrayList<>();
        for (int i = 0; i < legacy().key().size(); i++) {
            values.add(stored(modern.field(modern.key().get(i)), i));
        }
        legacy().columns().forEach(column -> values.add(ProjectionSql.restored(mapping, column)));
        Name[] names = shape.stream().map(column -> name(column.name())).toArray(Name[]::new);
        return RENDERER.query(
                "with {0} as ({1}) {2}",
                GIVEN,
                given(shape),
                Upsert.ofRecords(legacy(), legacy().allColumns())
                        .upsert(RENDERER.select(values).from(table(GIVEN).as(name(modern.table()), names)))
                        .returning(returned));
    }

    /** The record under names that no column of the tables has, because the expressions use the columns' names. */
    private Query given(List<Column> shape) {
        List<Field<?>> fields = new ArrayList<>();
        shape.forEach(column -> fields.add(field(name(column.name())).as(given(column))));
        return RENDERER.select(fields)
                .from(new BoundRows(RowBinding.ONE)
                        .typed(shape, 0, permission)
                        .asTable(name(projection.mapping().modern().table())));
    }

    /** A row whose key a trigger has changed matches no record and is not compared. */
    private Field<Object> alterations() {
        List<Column> targets = projection.targetColumns();
        List<Field<Object>> values = projection.targetValues();
        Field<Object> found = check.alterations(
                projection,
                legacy().keyTexts(),
                column -> field(given(column)),
                column -> values.get(targets.indexOf(column)));
        List<Condition> same = new ArrayList<>();
        for (int i = 0; i < legacy().key().size(); i++) {
            Column key = projection.mapping().modern().key().get(i);
            same.add(stored(field(given(key)), i)
                    .eq(legacy().field(legacy().key().get(i))));
        }
        return RENDERER.select(found).from(GIVEN).where(and(same)).asField();
    }

    /** A part of the record's key as the legacy side stores it. */
    private Field<Object> stored(Field<Object> given, int i) {
        return KeyTypes.convert(
                given,
                projection.mapping().modern().key().get(i),
                legacy().key().get(i));
    }

    private Relation legacy() {
        return projection.source();
    }

    private Name given(Column column) {
        return name(
                "crossfade_given_" + (projection.mapping().modern().allColumns().indexOf(column) + 1));
    }

    private TextStatement render(Query query, String mark) {
        return new TextStatement(RENDERER.render(query)
                + mark
                + StatementMark.of(projection.mapping().entity()).routes());
    }
}
