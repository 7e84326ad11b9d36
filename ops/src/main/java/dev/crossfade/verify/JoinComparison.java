package dev.crossfade.verify;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.arrayAgg;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.or;
import static org.jooq.impl.DSL.sum;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Select;
import org.jooq.SelectConditionStep;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides in one database: one statement tells which buckets of rows differ by their hashes, and a FULL
 * JOIN of these names the keys. What cannot be hashed is joined as a whole.
 */
final class JoinComparison implements Comparison {

    private static final String PROJECTED = "crossfade_projected";
    private static final String STORED = "crossfade_stored";

    private final SideReader sides;
    private final Projection projection;
    private final Relation source;
    private final Relation target;
    private @Nullable Optional<RowHashes> hashes;

    JoinComparison(Databases databases, Projection projection) {
        this.sides = new SideReader(databases);
        this.projection = projection;
        this.source = projection.source();
        this.target = projection.target();
    }

    @Override
    public Seen compare(KeyRange range) {
        return sides.ask(Side.LEGACY, dsl -> compare(dsl, range));
    }

    private Seen compare(DSLContext dsl, KeyRange range) {
        if (projection.inPlace()) {
            return new Seen(count(dsl, range), withinRows(dsl, range));
        }
        Optional<RowHashes> hashes = hashes(dsl);
        if (hashes.isEmpty()) {
            return new Seen(count(dsl, range), joined(projected(dsl, range), stored(dsl, range), dsl));
        }
        return byBuckets(dsl, range, hashes.get());
    }

    private long count(DSLContext dsl, KeyRange range) {
        return dsl.fetchCount(dsl.selectOne().from(source.aliased()).where(range.covers(source)));
    }

    private Optional<RowHashes> hashes(DSLContext dsl) {
        Optional<RowHashes> known = hashes;
        if (known == null) {
            boolean exact = projection.targetColumns().stream().noneMatch(projection::fills);
            known = exact && RowHashes.areOfRecords(dsl)
                    ? Optional.of(RowHashes.ofRecords(projection))
                    : Optional.empty();
            hashes = known;
        }
        return known;
    }

    /** Looks only at rows of buckets that are not the same on both sides, as one statement sees them. */
    private Seen byBuckets(DSLContext dsl, KeyRange range, RowHashes found) {
        Table<?> legacy =
                RowHashes.buckets(dsl, source, range, found.projected()).asTable(PROJECTED);
        Table<?> modern = RowHashes.buckets(dsl, target, range, found.stored()).asTable(STORED);
        Field<Integer> bucket = coalesce(
                field(name(PROJECTED, RowHashes.BUCKET), Integer.class),
                field(name(STORED, RowHashes.BUCKET), Integer.class));
        Condition differs = of(PROJECTED, RowHashes.ROWS)
                .isDistinctFrom(of(STORED, RowHashes.ROWS))
                .or(of(PROJECTED, RowHashes.HASH).isDistinctFrom(of(STORED, RowHashes.HASH)));
        Record2<BigDecimal, Integer[]> seen = dsl.select(
                        sum(field(name(PROJECTED, RowHashes.ROWS), Integer.class)),
                        arrayAgg(bucket).filterWhere(differs))
                .from(legacy)
                .fullJoin(modern)
                .on(of(PROJECTED, RowHashes.BUCKET).eq(of(STORED, RowHashes.BUCKET)))
                .fetchSingle();
        long rows = seen.value1() == null ? 0 : seen.value1().longValueExact();
        Integer[] buckets = seen.value2();
        if (buckets == null) {
            return new Seen(rows, List.of());
        }
        return new Seen(
                rows,
                joined(
                        projected(dsl, range).and(found.projected().bucket().eq(any(buckets))),
                        stored(dsl, range).and(found.stored().bucket().eq(any(buckets))),
                        dsl));
    }

    private static Field<Object> of(String table, String column) {
        return field(name(table, column));
    }

    private List<RecordKey> withinRows(DSLContext dsl, KeyRange range) {
        List<Field<Object>> kept = projection.keptValues();
        List<Condition> conditions = new ArrayList<>();
        for (int i = source.key().size(); i < kept.size(); i++) {
            Field<Object> stored = target.field(projection.targetColumns().get(i));
            conditions.add(differs(i, comparable(i, kept.get(i)), comparable(i, stored)));
        }
        if (conditions.isEmpty()) {
            return List.of();
        }
        return dsl.select(source.keyTexts())
                .from(source.aliased())
                .where(range.covers(source))
                .and(or(conditions))
                .fetch(this::key);
    }

    private Field<Object> comparable(int index, Field<Object> value) {
        return field("{0}", Object.class, projection.comparable(index, value));
    }

    private List<RecordKey> joined(Select<Record> legacy, Select<Record> modern, DSLContext dsl) {
        Table<?> projected = legacy.asTable(PROJECTED);
        Table<?> stored = modern.asTable(STORED);
        List<SelectField<?>> keys = new ArrayList<>();
        for (int i = 0; i < source.key().size(); i++) {
            keys.add(coalesce(column(PROJECTED, "k", i), column(STORED, "k", i)));
        }
        return dsl.select(keys)
                .from(projected)
                .fullJoin(stored)
                .on(sameKey())
                .where(differs())
                .fetch(this::key);
    }

    private SelectConditionStep<Record> projected(DSLContext dsl, KeyRange range) {
        List<Field<Object>> kept = projection.keptValues();
        List<SelectField<?>> fields = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            fields.add(projection.comparable(i, kept.get(i)).as(name("v" + i)));
        }
        addKeyTexts(fields, source);
        return dsl.select(fields).from(source.aliased()).where(range.covers(source));
    }

    private SelectConditionStep<Record> stored(DSLContext dsl, KeyRange range) {
        List<Column> columns = projection.targetColumns();
        List<SelectField<?>> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            fields.add(projection.comparable(i, target.field(column)).as(name("v" + i)));
        }
        addKeyTexts(fields, target);
        return dsl.select(fields).from(target.aliased()).where(range.covers(target));
    }

    private static void addKeyTexts(List<SelectField<?>> fields, Relation relation) {
        for (int i = 0; i < relation.key().size(); i++) {
            fields.add(relation.keyTexts().get(i).as(name("k" + i)));
        }
    }

    private Condition sameKey() {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < source.key().size(); i++) {
            conditions.add(column(PROJECTED, "v", i).eq(column(STORED, "v", i)));
        }
        return and(conditions);
    }

    private Condition differs() {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < projection.targetColumns().size(); i++) {
            conditions.add(differs(i, column(PROJECTED, "v", i), column(STORED, "v", i)));
        }
        return or(conditions);
    }

    private Condition differs(int index, Field<Object> there, Field<Object> here) {
        return projection.fills(projection.targetColumns().get(index))
                ? there.isNotNull().and(here.isNull())
                : there.isDistinctFrom(here);
    }

    private RecordKey key(Record row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < source.key().size(); i++) {
            texts.add(row.get(i, String.class));
        }
        return new RecordKey(texts);
    }

    private static Field<Object> column(String table, String prefix, int index) {
        return field(name(table, prefix + index));
    }
}
