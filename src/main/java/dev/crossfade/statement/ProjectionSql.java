package dev.crossfade.statement;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.asterisk;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.raw;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.sql.TextStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.DeleteConditionStep;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;

/**
 * The statements of one direction of a mapping. All of them bind rows of texts as a {@link RowBinding} says: keys
 * have a text for each key column, records one for each column of the modern shape, mirror rows one for each of
 * {@link Projection#targetColumns()}.
 */
public final class ProjectionSql {

    /** Part of the statement itself, so that it is evaluated while the statement holds the lock on the table. */
    static final Condition LEASE = condition(
            "case when clock_timestamp() < to_timestamp(cast({0} as double precision)) then true else crossfade.refuse_lease({0}) end",
            raw("?"));

    private static final String WRITTEN = "crossfade_written";
    private static final String LOCKED = "crossfade_locked";

    private final DSLContext renderer = Databases.renderer();
    private final Projection projection;
    private final Relation source;
    private final Relation target;
    private final RowBinding binding;
    private final BoundRows bound;
    private final Condition authoritative;
    private final IntentSql intents;
    private final RecordSql records;
    private final Upsert mirrored;
    private final String routes;
    private final String mirrors;

    /** Creates the statements of {@code projection} that bind any number of rows. */
    public ProjectionSql(Projection projection) {
        this(projection, RowBinding.MANY);
    }

    /** Creates the statements of {@code projection} that bind as many rows as {@code binding} does. */
    public ProjectionSql(Projection projection, RowBinding binding) {
        this(projection, binding, noCondition(), "");
    }

    private ProjectionSql(Projection projection, RowBinding binding, Condition authoritative, String routes) {
        this.binding = binding;
        this.bound = new BoundRows(binding);
        this.authoritative = authoritative;
        this.routes = routes;
        this.projection = projection;
        this.source = projection.source();
        this.target = projection.target();
        this.mirrors = StatementMark.to(target)
                + StatementMark.of(projection.mapping().entity()).mirrors();
        this.records = new RecordSql(projection, binding, authoritative);
        this.intents = new IntentSql(source.key().size());
        this.mirrored = Upsert.ofMirrorRows(projection);
    }

    /**
     * Returns variants of which those that save and delete refuse to write after a lease has ended: they bind, after
     * their records or keys, the lease's end twice.
     */
    public ProjectionSql leased() {
        return new ProjectionSql(projection, binding, LEASE, routes);
    }

    /** Returns variants whose saves and deletes capture ignores, because the caller mirrors them. */
    public ProjectionSql routed() {
        return new ProjectionSql(
                projection,
                binding,
                authoritative,
                StatementMark.of(projection.mapping().entity()).routes());
    }

    /** Checks a lease as the leased statements do. Binds the lease's end twice. */
    public TextStatement lease() {
        return render(renderer.select(field(LEASE)));
    }

    /** Upserts records into the authoritative table; returns the keys written. Binds records. */
    public TextStatement save() {
        return render(records.upsert().returning(source.keyTexts()), routes);
    }

    /** As {@link #save()}, and appends an intent for each key; returns id and key of each. Binds records, entity. */
    public TextStatement saveAndNote() {
        return render(intents.noting(records.upsert().returning(IntentSql.namedKeyTexts(source))), routes);
    }

    /**
     * Upserts records into the authoritative table and projects the rows written to the mirror in the same statement;
     * returns nothing, which is clearly faster. If the legacy side may fail to give back what it gets, the statement
     * notes that, and returns the number of rows written. Binds records.
     */
    public TextStatement saveAndMirror() {
        if (WayBackSql.isNeeded(projection)) {
            return new WayBackSql(projection, binding)
                    .mirroring(records.upsert().returning(asterisk()));
        }
        Table<?> rows = table(name(WRITTEN)).as(name(source.table()));
        Query both = renderer.query(
                "with {0} as ({1}) {2}",
                name(WRITTEN),
                records.upsert().returning(asterisk()),
                mirrored.upsert(renderer.select(projection.targetValues()).from(rows)));
        return render(both, StatementMark.to(target) + routes);
    }

    /** Deletes authoritative rows; returns the keys deleted. Binds keys. */
    public TextStatement delete() {
        return render(deleteInOrder().returning(source.keyTexts()), routes);
    }

    /** As {@link #delete()}, and appends an intent for each key; returns id and key of each. Binds keys, entity. */
    public TextStatement deleteAndNote() {
        return render(intents.noting(deleteInOrder().returning(IntentSql.namedKeyTexts(source))), routes);
    }

    /** Appends an intent for each key, in the server's spelling; returns id and key of each. Binds entity, keys. */
    public TextStatement note() {
        return render(intents.append(bound.keysOf(source), bound.canonicalKeys(source)));
    }

    /** Returns keys in their canonical text, however they are spelled. Binds keys. */
    public TextStatement spellKeys() {
        return render(renderer.select(bound.canonicalKeys(source)).from(bound.keysOf(source)));
    }

    /**
     * Projects the present authoritative rows of some keys to the mirror. In a column mapping only rows that differ
     * are written, because triggers fire for each written row. Binds keys.
     */
    public TextStatement mirrorPresent() {
        Table<?> keys = bound.keysOf(source);
        if (projection.derived().isEmpty() && projection.inPlace()) {
            // nothing follows from the row in this direction
            return render(deleteRows(target).and(falseCondition()), mirrors);
        }
        if (projection.inPlace()) {
            Map<Field<?>, Field<?>> values = new LinkedHashMap<>();
            List<Condition> different = new ArrayList<>();
            for (Derived one : projection.derived()) {
                Field<Object> value = projection.kept(one.column(), one.value());
                values.put(field(name(one.column().name())), value);
                different.add(condition(
                        "{0} is distinct from {1}",
                        one.column().comparable(source.field(one.column())),
                        one.column().comparable(value)));
            }
            return render(
                    renderer.update(source.toTable())
                            .set(values)
                            .from(keys)
                            .where(bound.match(source))
                            .and(different.isEmpty() ? noCondition() : or(different)),
                    mirrors);
        }
        Select<Record> rows = renderer.select(projection.targetValues())
                .from(source.aliased())
                .join(keys)
                .on(bound.match(source));
        return render(mirrored.upsert(rows), mirrors);
    }

    /** Projects the present authoritative rows of those keys that the mirror does not have. Binds keys. */
    public TextStatement insertAbsent() {
        Query insert = renderer.insertInto(target.toTable(), fields(projection.targetColumns()))
                .select(renderer.select(projection.targetValues())
                        .from(source.aliased())
                        .join(bound.keysOf(source))
                        .on(bound.match(source)))
                .onConflict(fields(target.key()))
                .doNothing();
        return render(insert, mirrors);
    }

    /** Deletes the mirror rows of those keys that have no authoritative row. Binds keys. */
    public TextStatement mirrorAbsent() {
        Condition absent = notExists(selectOne().from(source.aliased()).where(bound.match(source)));
        return render(deleteRows(target).and(absent), mirrors);
    }

    /** Locks the authoritative rows of some keys against writers, in key order; returns the keys found. Binds keys. */
    public TextStatement lockSource() {
        return lock(source, "for no key update of {2}");
    }

    /** As {@link #lockSource()}, but skips rows that others have locked. Binds keys. */
    public TextStatement lockFreeSource() {
        return lock(source, "for no key update of {2} skip locked");
    }

    /** Locks the mirror rows of some keys, in key order; returns the keys found. Binds keys. */
    public TextStatement lockTarget() {
        return lock(target, "for update of {2}");
    }

    /** Reads key text and mirror row, as text, of the present authoritative rows of some keys. Binds keys. */
    public TextStatement readProjected() {
        return read(source, projection.targetValues().stream().map(Column::text).toList());
    }

    /** As {@link #readProjected()}, in the form in which rows are compared. */
    public TextStatement readComparable() {
        return read(source, projection.comparableTexts(projection.keptValues()));
    }

    /**
     * Reads key text and mirror row of the mirror rows of some keys, in the form in which rows are compared. Binds
     * keys.
     */
    public TextStatement readTarget() {
        return read(
                target,
                projection.comparableTexts(
                        projection.targetColumns().stream().map(target::field).toList()));
    }

    TextStatement read(Relation relation, List<Field<String>> texts) {
        List<Field<?>> fields = new ArrayList<>(bound.keyTexts(relation));
        fields.addAll(texts);
        return render(renderer.select(fields)
                .from(relation.aliased())
                .join(bound.keysOf(relation))
                .on(bound.match(relation)));
    }

    /** Upserts mirror rows. Binds mirror rows. */
    public TextStatement writeTarget() {
        return render(mirrored.upsert(bound.typed(projection.targetColumns())), mirrors);
    }

    /**
     * As {@link #mirrorPresent()}, but skips rows that break one of the given rules of the mirror's table. Returns,
     * for each skipped row, its place among the bound keys and the first rule that it breaks, both counted from 1.
     * Binds keys, numbered; not for column mappings.
     */
    public TextStatement mirrorFitting(List<TableRule> rules) {
        return render(
                fitting()
                        .of(
                                rules,
                                projection.targetValues(),
                                source.aliased().join(bound.keysOf(source)).on(bound.match(source))),
                mirrors);
    }

    /**
     * As {@link #writeTarget()}, but skips and returns rows as {@link #mirrorFitting} does. Binds mirror rows,
     * numbered.
     */
    public TextStatement writeFitting(List<TableRule> rules) {
        List<Column> columns = projection.targetColumns();
        return render(fitting().of(rules, bound.values(columns), bound.of(columns.size())), mirrors);
    }

    private FittingSql fitting() {
        return new FittingSql(projection.targetColumns(), target.table(), mirrored);
    }

    /** Inserts mirror rows; fails if one exists. Binds mirror rows. */
    public TextStatement insertTarget() {
        List<Column> columns = projection.targetColumns();
        return render(renderer.insertInto(target.toTable(), fields(columns)).select(bound.typed(columns)), mirrors);
    }

    /** Inserts the mirror rows whose key does not exist yet. Binds mirror rows. */
    public TextStatement insertAbsentTarget() {
        List<Column> columns = projection.targetColumns();
        Query insert = renderer.insertInto(target.toTable(), fields(columns))
                .select(bound.typed(columns))
                .onConflict(fields(target.key()))
                .doNothing();
        return render(insert, mirrors);
    }

    /** Deletes mirror rows. Binds keys. */
    public TextStatement deleteTarget() {
        return render(deleteRows(target), mirrors);
    }

    /** Sets columns of mirror rows to null; {@code places} are those among the written columns. Binds keys. */
    public TextStatement emptyTarget(Collection<Integer> places) {
        Map<Field<?>, Field<?>> values = new LinkedHashMap<>();
        places.forEach(
                i -> values.put(field(name(projection.targetColumns().get(i).name())), inline((Object) null)));
        return render(
                renderer.update(target.toTable())
                        .set(values)
                        .from(bound.keysOf(target))
                        .where(bound.match(target)),
                mirrors);
    }

    /** Returns what a legacy column gets of a modern row: a column of both shapes is restored by nothing. */
    static Field<Object> restored(TableMapping mapping, Column column) {
        return mapping.restore().stream()
                .filter(one -> one.column().equals(column))
                .findFirst()
                .map(Derived::value)
                .orElseGet(() -> mapping.modern().field(column));
    }

    private DeleteConditionStep<Record> deleteRows(Relation from) {
        return renderer.deleteFrom(from.toTable()).using(bound.keysOf(from)).where(bound.match(from));
    }

    /** Deletes authoritative rows in the order in which batches are saved; a join alone guarantees no order. */
    private DeleteConditionStep<Record> deleteInOrder() {
        if (binding == RowBinding.ONE) {
            return deleteRows(source).and(authoritative);
        }
        List<Field<Object>> keys = new ArrayList<>();
        List<Condition> same = new ArrayList<>();
        for (int i = 0; i < source.key().size(); i++) {
            Field<Object> key = source.field(source.key().get(i));
            keys.add(key.as(name(RowBinding.column(i))));
            same.add(key.eq(field(name(LOCKED, RowBinding.column(i)))));
        }
        Table<?> locked = renderer.select(keys)
                .from(source.aliased())
                .join(bound.keysOf(source))
                .on(bound.match(source))
                .where(authoritative)
                .orderBy(source.keyFields())
                .forUpdate()
                .of(source.aliased())
                .asTable(name(LOCKED));
        return renderer.deleteFrom(source.toTable()).using(locked).where(and(same));
    }

    private TextStatement lock(Relation relation, String clause) {
        return render(renderer.resultQuery(
                "{0} order by {1} " + clause,
                renderer.select(bound.keyTexts(relation))
                        .from(relation.aliased())
                        .join(bound.keysOf(relation))
                        .on(bound.match(relation)),
                list(relation.keyFields()),
                name(relation.table())));
    }

    private static List<Field<Object>> fields(List<Column> columns) {
        return columns.stream().map(column -> field(name(column.name()))).toList();
    }

    private TextStatement render(Query query) {
        return new TextStatement(renderer.render(query));
    }

    private TextStatement render(Query query, String mark) {
        return new TextStatement(renderer.render(query) + mark);
    }
}
