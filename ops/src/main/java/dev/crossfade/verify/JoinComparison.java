package dev.crossfade.verify;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.or;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectField;
import org.jooq.Table;

/** Compares both sides in one database, with one FULL JOIN in one snapshot, which names the differing keys at once. */
final class JoinComparison implements Comparison {

    private static final String PROJECTED = "crossfade_projected";
    private static final String STORED = "crossfade_stored";

    private final SideReader sides;
    private final Projection projection;
    private final Relation source;
    private final Relation target;

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
        Table<?> projected = projected(dsl, range).asTable(PROJECTED);
        Table<?> stored = stored(dsl, range).asTable(STORED);
        List<SelectField<?>> keys = new ArrayList<>();
        for (int i = 0; i < source.key().size(); i++) {
            keys.add(coalesce(column(PROJECTED, "k", i), column(STORED, "k", i)));
        }
        List<RecordKey> suspects = dsl.select(keys)
                .from(projected)
                .fullJoin(stored)
                .on(sameKey())
                .where(differs())
                .fetch(this::key);
        long rows = dsl.fetchCount(dsl.selectOne().from(source.aliased()).where(range.covers(source)));
        return new Seen(rows, suspects);
    }

    private Select<Record> projected(DSLContext dsl, KeyRange range) {
        List<Field<Object>> kept = projection.keptValues();
        List<SelectField<?>> fields = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            fields.add(projection.comparable(i, kept.get(i)).as(name("v" + i)));
        }
        addKeyTexts(fields, source);
        return dsl.select(fields).from(source.aliased()).where(range.covers(source));
    }

    private Select<Record> stored(DSLContext dsl, KeyRange range) {
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
            Field<Object> there = column(PROJECTED, "v", i);
            Field<Object> here = column(STORED, "v", i);
            conditions.add(
                    projection.fills(projection.targetColumns().get(i))
                            ? there.isNotNull().and(here.isNull())
                            : there.isDistinctFrom(here));
        }
        return or(conditions);
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
