package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.when;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
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
import org.jooq.Table;

/**
 * The statements that write the legacy side while the modern side decides, and note in the same transaction the keys
 * whose modern row it could not give back: they project the legacy row that the server stored and compare it with the
 * modern row. They bind the same values as {@link ProjectionSql}'s statements of the same names, except {@link
 * #writeTarget}.
 */
public final class WayBackSql {

    private static final Name TAKEN = name("crossfade_taken");
    private static final Name STORED = name("crossfade_stored");
    private static final Name BACK = name("crossfade_back");
    private static final Name NOTED = name("crossfade_noted");

    private final DSLContext renderer = Databases.renderer();
    private final Projection projection;
    private final TableMapping mapping;
    private final ProjectionSql plain;
    private final BoundRows bound;
    private final List<Derived> uncertain;

    /** Creates the statements of a projection from the modern side to the legacy one. */
    public WayBackSql(Projection projection, RowBinding binding) {
        this.projection = projection;
        this.mapping = projection.mapping();
        this.plain = new ProjectionSql(projection, binding);
        this.bound = new BoundRows(binding);
        this.uncertain = WayBack.uncertain(mapping);
    }

    /** Tells whether a mirror's rows may fail to give back the rows that they were made from. */
    public static boolean isNeeded(Projection projection) {
        return projection.authority() == Side.MODERN
                && !WayBack.uncertain(projection.mapping()).isEmpty();
    }

    /**
     * Extends a statement that upserts modern records and returns whole rows: mirrors them and notes lossy keys, in
     * the same statement; returns the number of rows written.
     */
    TextStatement mirroring(Query saveReturningAll) {
        Relation modern = projection.source();
        Query both = renderer.query(
                "with {0} as ({1}), {2} as ({3}), {4} as ({5}) {6}",
                TAKEN,
                saveReturningAll,
                STORED,
                upsert(projection.targetValues(), table(TAKEN).as(name(modern.table()))),
                BACK,
                back(),
                noted(taken()));
        return render(
                both,
                StatementMark.to(projection.target())
                        + StatementMark.of(mapping.entity()).routes());
    }

    /** Projects the present modern rows of some keys to the legacy side. Binds keys. */
    public TextStatement mirrorPresent() {
        Relation modern = projection.source();
        if (projection.inPlace()) {
            return mirrorInPlace();
        }
        Query taken = renderer.select(field("{0}.*", name(modern.table())))
                .from(modern.aliased().join(bound.keysOf(modern)).on(bound.match(modern)));
        Query all = renderer.query(
                "with {0} as ({1}), {2} as ({3}), {4} as ({5}) {6}",
                TAKEN,
                taken,
                STORED,
                upsert(projection.targetValues(), table(TAKEN).as(name(modern.table()))),
                BACK,
                back(),
                noted(taken()));
        return render(all, mirrors());
    }

    private TextStatement mirrorInPlace() {
        Relation modern = projection.source();
        Map<Field<?>, Field<?>> values = new LinkedHashMap<>();
        projection.derived().forEach(one -> values.put(field(name(one.column().name())), one.value()));
        Query update = renderer.query(
                "{0} returning {1}.*",
                renderer.update(modern.toTable())
                        .set(values)
                        .from(bound.keysOf(modern))
                        .where(bound.match(modern)),
                name(modern.table()));
        Query all = renderer.query(
                "with {0} as ({1}), {2} as ({3}) {4}",
                STORED, update, BACK, back(), noted(table(STORED).as(name(modern.table()))));
        return render(all, mirrors());
    }

    /** As {@link ProjectionSql#mirrorAbsent}, and deletes the notes about these keys. Binds keys. */
    public TextStatement mirrorAbsent() {
        return forgetting(plain.mirrorAbsent());
    }

    /** Deletes legacy rows and the notes about them. Binds keys. */
    public TextStatement deleteTarget() {
        return forgetting(plain.deleteTarget());
    }

    /** The key is noted as it was bound, which is how the modern side spells it. */
    private TextStatement forgetting(TextStatement delete) {
        String mark = mirrors();
        String unmarked = delete.sql().substring(0, delete.sql().length() - mark.length());
        Field<Boolean> forgotten = note(bound.keyTexts(projection.target()), field("cast(null as text[])"));
        return new TextStatement(unmarked + " returning " + renderer.render(forgotten) + mark);
    }

    /** Deletes the notes about keys that have no modern row any more; for column mappings. Binds keys. */
    public TextStatement forgetAbsent() {
        Relation modern = projection.source();
        Field<Boolean> forgotten = note(bound.keyTexts(modern), field("cast(null as text[])"));
        return render(
                renderer.select(forgotten)
                        .from(bound.keysOf(modern))
                        .where(notExists(selectOne().from(modern.aliased()).where(bound.match(modern)))),
                "");
    }

    /**
     * Reads, for the present modern rows of some keys, key text, legacy row and the values that {@link #writeTarget}
     * compares it with, as text. Binds keys.
     */
    public TextStatement readProjected() {
        List<Field<String>> texts = new ArrayList<>();
        projection.targetValues().forEach(value -> texts.add(Column.text(value)));
        uncertain.forEach(one -> texts.add(Column.text(projection.source().field(one.column()))));
        texts.addAll(projection.source().keyTexts());
        return plain.read(projection.source(), texts);
    }

    /** How many texts {@link #readProjected} reads of a row after its key, and {@link #writeTarget} binds. */
    public int rowWidth() {
        return projection.targetColumns().size()
                + uncertain.size()
                + projection.source().key().size();
    }

    /** Upserts legacy rows. Binds, for each row, the texts that {@link #readProjected} read after its key. */
    public TextStatement writeTarget() {
        List<Column> columns = projection.targetColumns();
        List<Field<?>> values = new ArrayList<>();
        List<Field<?>> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Field<?> target = field(name(target(i)));
            values.add(columns.get(i).cast(boundText(i)).as(target));
            names.add(target);
        }
        for (int i = 0; i < uncertain.size(); i++) {
            Column column = uncertain.get(i).column();
            values.add(column.cast(boundText(columns.size() + i)).as(name(column.name())));
        }
        int keysFrom = columns.size() + uncertain.size();
        for (int i = 0; i < projection.source().key().size(); i++) {
            values.add(boundText(keysFrom + i).as(name(text(i))));
        }
        Query taken = renderer.select(values).from(bound.of(rowWidth()));
        Query all = renderer.query(
                "with {0} as ({1}), {2} as ({3}), {4} as ({5}) {6}",
                TAKEN,
                taken,
                STORED,
                upsert(names, table(TAKEN)),
                BACK,
                back(),
                noted(
                        IntStream.range(0, projection.source().key().size())
                                .<Field<?>>mapToObj(i -> field(name(text(i))))
                                .toList(),
                        names,
                        table(TAKEN)));
        return render(all, mirrors());
    }

    private static Field<Object> boundText(int i) {
        return field(name(BoundRows.NAME, RowBinding.column(i)));
    }

    private Query upsert(List<? extends Field<?>> values, Table<?> from) {
        return Upsert.ofMirrorRows(projection)
                .upsert(renderer.select(values.toArray(Field[]::new)).from(from))
                .returning(asterisk());
    }

    private Table<?> taken() {
        return table(TAKEN).as(name(projection.source().table()));
    }

    /** The projection of the stored legacy rows to the modern side. */
    private Query back() {
        Relation legacy = projection.target();
        List<Field<?>> fields = new ArrayList<>();
        for (int i = 0; i < legacy.key().size(); i++) {
            fields.add(legacy.field(legacy.key().get(i)).as(name(key(i))));
        }
        for (int i = 0; i < uncertain.size(); i++) {
            fields.add(uncertain.get(i).value().as(name(value(i))));
        }
        return renderer.select(fields).from(table(STORED).as(name(legacy.table())));
    }

    private Query noted(Table<?> modernRows) {
        List<Field<Object>> legacyKey = projection.keyValues();
        return noted(projection.source().keyTexts(), legacyKey, modernRows);
    }

    /**
     * Compares each modern row with what comes back. A row that was not stored, or under another key, counts as lost
     * in all columns.
     */
    private Query noted(List<? extends Field<?>> keyTexts, List<? extends Field<?>> legacyKey, Table<?> rows) {
        List<Condition> same = new ArrayList<>();
        for (int i = 0; i < projection.target().key().size(); i++) {
            Column column = projection.target().key().get(i);
            same.add(condition("{0} = {1}", column.neutral(legacyKey.get(i)), field(name(BACK.last(), key(i)))));
        }
        AlterationSql differences = new AlterationSql(
                uncertain.stream().map(Derived::column).toList(),
                column -> field(name(rows.getName(), column.name())),
                column -> field(name(BACK.last(), value(place(column)))));
        Field<Object> lost = when(
                        field(name(BACK.last(), key(0))).isNull(),
                        field(
                                "array[{0}]",
                                Object.class,
                                list(uncertain.stream()
                                        .map(one -> inline(one.column().name()))
                                        .toList())))
                .otherwise(differences.changedColumns());
        Query noting = renderer.select(note(keyTexts, lost).as(NOTED))
                .from(rows.leftJoin(table(BACK)).on(and(same)));
        return renderer.query("select count(*) filter (where not {0}) from ({1}) as {2}", NOTED, noting, BACK);
    }

    private int place(Column column) {
        return uncertain.stream().map(Derived::column).toList().indexOf(column);
    }

    private Field<Boolean> note(List<? extends Field<?>> keyTexts, Field<?> columns) {
        return field(
                "crossfade.note_way_back({0}, array[{1}], {2})",
                Boolean.class, inline(mapping.entity()), list(keyTexts), columns);
    }

    private static String target(int i) {
        return "crossfade_target_" + (i + 1);
    }

    private static String text(int i) {
        return "crossfade_text_" + (i + 1);
    }

    private static String key(int i) {
        return "crossfade_key_" + (i + 1);
    }

    private static String value(int i) {
        return "crossfade_value_" + (i + 1);
    }

    private String mirrors() {
        return StatementMark.to(projection.target())
                + StatementMark.of(mapping.entity()).mirrors();
    }

    private TextStatement render(Query query, String mark) {
        return new TextStatement(renderer.render(query) + mark);
    }
}
