package dev.crossfade.mapping;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.when;

import dev.crossfade.control.Databases;
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

/**
 * The statements that save records while legacy decides, and look in the same statement whether the modern side would
 * get
 * back what was given: they project the row that the server stored, after triggers and defaults, and compare it with
 * the
 * record. They bind what {@link ProjectionSql}'s statements of the same names bind, and leave capture out in the same
 * way.
 *
 * <p>The last column that they return is an array which {@link Alteration#read} reads. Columns whose change is refused
 * raise an error of SQLSTATE {@value #REFUSED}, and nothing is stored.
 */
public final class GivenSql {

    /** The SQLSTATE of a refusal. */
    public static final String REFUSED = "CF006";

    private static final Name GIVEN = name("crossfade_given");
    private static final Name WRITTEN = name("crossfade_written");
    private static final Name BACK = name("crossfade_back");
    private static final Name COMPARED = name("crossfade_compared");
    private static final Name MIRRORED = name("crossfade_mirrored");
    private static final Name NOTED = name("crossfade_noted");
    private static final Name ALTERATIONS = name("crossfade_alterations");
    private static final Field<Object> NO_ALTERATIONS = field("cast(null as text[])", Object.class);

    private final DSLContext renderer = Databases.renderer();
    private final Projection projection;
    private final TableMapping mapping;
    private final RowBinding binding;
    private final GivenCheck check;
    private final Condition permission;

    /**
     * Makes the statements.
     *
     * @param projection from the legacy side to the modern one
     * @param leased whether they refuse to write when a lease has ended, and bind its end twice
     */
    public GivenSql(Projection projection, RowBinding binding, GivenCheck check, boolean leased) {
        this.projection = projection;
        this.mapping = projection.mapping();
        this.binding = binding;
        this.check = check;
        this.permission = leased ? ProjectionSql.LEASE : noCondition();
    }

    /** Upserts records; returns the key of each row written, and its alterations. */
    public TextStatement save() {
        return render(renderer.query(
                "{0} {1}",
                saved(), renderer.select(texts()).select(field(ALTERATIONS)).from(table(COMPARED))));
    }

    /**
     * As {@link #save()}, and appends an intent for each key; returns id and key of each, and after these rows without
     * an
     * id, with key and alterations of the rows that have any.
     */
    public TextStatement saveAndNote() {
        int width = texts().size();
        return render(renderer.query(
                "{0}, {1} as ({2}) {3} union all {4}",
                saved(),
                NOTED,
                new IntentSql(width).appending(COMPARED),
                renderer.select(IntentSql.idAndKey(width))
                        .select(NO_ALTERATIONS)
                        .from(table(NOTED)),
                altered()));
    }

    /**
     * As {@link #save()}, and projects the rows written to the mirror; returns the number of rows written, and after it
     * rows
     * without a number, with key and alterations of the rows that have any.
     */
    public TextStatement saveAndMirror() {
        List<Field<?>> values = new ArrayList<>();
        IntStream.range(0, projection.targetColumns().size()).forEach(i -> values.add(field(name(value(i)))));
        Query mirrored = Upsert.ofMirrorRows(projection)
                .upsert(renderer.select(values.toArray(Field[]::new)).from(table(BACK)));
        List<Field<?>> nothing = Collections.nCopies(texts().size(), field("cast(null as text)"));
        Field<?> written = field("count(*)");
        Query both = renderer.query(
                "{0}, {1} as ({2}) {3} union all {4}",
                saved(),
                MIRRORED,
                mirrored,
                renderer.select(written).select(nothing).select(NO_ALTERATIONS).from(table(BACK)),
                altered());
        return new TextStatement(renderer.render(both)
                + StatementMark.to(projection.target())
                + StatementMark.of(mapping.entity()).routes());
    }

    /** The rows that have alterations, with nothing in the column before the key. */
    private Query altered() {
        return renderer.select(field("cast(null as bigint)"))
                .select(texts())
                .select(field(ALTERATIONS))
                .from(table(COMPARED))
                .where(field(ALTERATIONS).isNotNull());
    }

    /** The records as they were given, the rows written, what they are projected to, and what of it differs. */
    private Query saved() {
        return renderer.query(
                "with {0} as ({1}), {2} as ({3}), {4} as ({5}), {6} as ({7})",
                GIVEN, given(), WRITTEN, written(), BACK, back(), COMPARED, compared());
    }

    private Query given() {
        List<Column> shape = mapping.modern().allColumns();
        Table<?> typed = new BoundRows(binding)
                .typed(shape, 0, permission)
                .asTable(name(mapping.modern().table()));
        List<Field<?>> fields = new ArrayList<>();
        shape.forEach(column -> fields.add(mapping.modern().field(column)));
        List<Field<Object>> keys = legacyKeys();
        IntStream.range(0, keys.size()).forEach(i -> fields.add(keys.get(i).as(givenKey(i))));
        return renderer.select(fields).from(typed);
    }

    /** The key of a given record as the legacy side stores it. */
    private List<Field<Object>> legacyKeys() {
        Relation modern = mapping.modern();
        List<Field<Object>> keys = new ArrayList<>();
        for (int i = 0; i < modern.key().size(); i++) {
            Column key = modern.key().get(i);
            keys.add(KeyTypes.convert(
                    modern.field(key), key, mapping.legacy().key().get(i)));
        }
        return keys;
    }

    /** In key order, so that concurrent batches never deadlock. */
    private Query written() {
        Relation legacy = mapping.legacy();
        List<Field<?>> values = new ArrayList<>();
        List<Field<?>> order = new ArrayList<>();
        for (int i = 0; i < legacy.key().size(); i++) {
            values.add(field(givenKey(i)));
            order.add(field(givenKey(i)));
        }
        for (Column column : legacy.columns()) {
            values.add(ProjectionSql.restored(mapping, column));
        }
        return Upsert.ofRecords(legacy, legacy.allColumns())
                .upsert(renderer.select(values.toArray(Field[]::new))
                        .from(table(GIVEN).as(name(mapping.modern().table())))
                        .orderBy(binding == RowBinding.ONE ? List.of() : order))
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
        return renderer.select(fields).from(table(WRITTEN).as(name(legacy.table())));
    }

    /** A row whose key a trigger has changed is nobody's: nothing is compared with it. */
    private Query compared() {
        AlterationSql differences = differences(check.columns());
        Field<Object> alterations = differences.alterations();
        Field<Object> refusing =
                check.refused().isEmpty() ? alterations : field("{0} || {1}", Object.class, refusal(), alterations);
        Field<Object> found = when(field(name(GIVEN, givenKey(0))).isNotNull(), refusing);
        List<Condition> same = new ArrayList<>();
        for (int i = 0; i < mapping.legacy().key().size(); i++) {
            same.add(field(name(GIVEN, givenKey(i))).eq(field(name(BACK, name(key(i))))));
        }
        return renderer.select(texts())
                .select(found.as(ALTERATIONS))
                .from(table(BACK).leftJoin(table(GIVEN)).on(and(same)));
    }

    private Field<Object> refusal() {
        AlterationSql refused = differences(check.refusedColumns());
        return when(
                refused.isChanged(),
                field(
                        "crossfade.refuse_lossy({0}, array[{1}], {2})",
                        Object.class, inline(mapping.entity()), list(texts()), refused.changedColumns()));
    }

    private AlterationSql differences(List<Column> columns) {
        List<Column> targets = projection.targetColumns();
        return new AlterationSql(
                columns,
                column -> given(column, field(name(BACK, name(value(targets.indexOf(column)))))),
                column -> field(name(BACK, name(value(targets.indexOf(column))))));
    }

    /** Who gives a filled column no value leaves it to be filled, which loses nothing. */
    private Field<?> given(Column column, Field<?> back) {
        Field<?> given = field(name(GIVEN, name(column.name())));
        return projection.fills(column) ? field("coalesce({0}, {1})", Object.class, given, back) : given;
    }

    private List<Field<String>> texts() {
        return IntStream.range(0, mapping.legacy().key().size())
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
                renderer.render(query) + StatementMark.of(mapping.entity()).routes());
    }
}
