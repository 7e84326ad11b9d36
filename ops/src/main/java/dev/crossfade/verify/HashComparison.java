package dev.crossfade.verify;

import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.list;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Projection;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Compares sides in two databases by the count and XOR of the rows' 64-bit hashes in each range. Only where these
 * differ does it fetch the hashes of single rows. A row is hashed as canonical text, in which NULL and the empty text
 * differ. Keys are unique and ranges half open, so no row is counted twice and cancels itself out.
 */
final class HashComparison implements Comparison {

    private final SideReader sides;
    private final Relation source;
    private final Relation target;
    private final Field<Long> projectedHash;
    private final Field<Long> storedHash;

    HashComparison(Databases databases, Projection projection) {
        this.sides = new SideReader(databases);
        this.source = projection.source();
        this.target = projection.target();
        this.projectedHash = hash(projection.comparableTexts(projection.keptValues()));
        this.storedHash = hash(projection.comparableTexts(
                projection.targetColumns().stream().map(target::field).toList()));
    }

    private record Digest(int rows, long hash) {}

    @Override
    public Seen compare(KeyRange range) {
        Digest legacy =
                sides.ask(Side.LEGACY, dsl -> digest(dsl, source.aliased(), range.covers(source), projectedHash));
        Digest modern = sides.ask(Side.MODERN, dsl -> digest(dsl, target.aliased(), range.covers(target), storedHash));
        return new Seen(legacy.rows(), legacy.equals(modern) ? List.of() : suspects(range));
    }

    private List<RecordKey> suspects(KeyRange range) {
        Map<RecordKey, Long> legacy = sides.ask(Side.LEGACY, dsl -> rows(dsl, source, range, projectedHash));
        Map<RecordKey, Long> modern = sides.ask(Side.MODERN, dsl -> rows(dsl, target, range, storedHash));
        Set<RecordKey> keys = new HashSet<>(legacy.keySet());
        keys.addAll(modern.keySet());
        keys.removeIf(key -> legacy.containsKey(key) && legacy.get(key).equals(modern.get(key)));
        return List.copyOf(keys);
    }

    private static Digest digest(DSLContext dsl, Table<?> table, Condition range, Field<Long> hash) {
        Field<Long> all = field("coalesce(bit_xor({0}), 0)", Long.class, hash);
        return dsl.select(count(), all)
                .from(table)
                .where(range)
                .fetchSingle(row -> new Digest(row.value1(), row.value2()));
    }

    private static Map<RecordKey, Long> rows(DSLContext dsl, Relation relation, KeyRange range, Field<Long> hash) {
        List<Field<?>> fields = new ArrayList<>(relation.keyTexts());
        fields.add(hash);
        Map<RecordKey, Long> rows = new HashMap<>();
        dsl.select(fields)
                .from(relation.aliased())
                .where(range.covers(relation))
                .forEach(row -> rows.put(
                        key(row, relation.key().size()), row.get(relation.key().size(), Long.class)));
        return rows;
    }

    private static RecordKey key(Record row, int width) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            texts.add(row.get(i, String.class));
        }
        return new RecordKey(texts);
    }

    private static Field<Long> hash(List<Field<String>> texts) {
        return field("hashtextextended(cast(row({0}) as text), 0)", Long.class, list(texts));
    }
}
