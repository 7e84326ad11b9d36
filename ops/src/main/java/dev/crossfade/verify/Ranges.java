package dev.crossfade.verify;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.KeyRange;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.sql.ServerEncoding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the keys of both sides into ranges with a bounded number of rows. The last range has no end. A range may end
 * only at a key whose characters exist in both databases' encodings; it extends past keys without them.
 */
final class Ranges {

    /** The types whose texts are ASCII only. */
    private static final String ASCII =
            "smallint|integer|bigint|numeric.*|uuid|date|boolean|timestamp.*|oid|bytea|inet|cidr";

    /** How many keys are looked at together. */
    private static final int LOOKED_AT = 16;

    private final Map<Side, ServerEncoding> encodings = new EnumMap<>(Side.class);
    private final SideReader sides;
    private final TableMapping mapping;
    private final Databases databases;

    /** Creates the ranges of an entity's keys. */
    Ranges(Databases databases, TableMapping mapping) {
        this.databases = databases;
        this.sides = new SideReader(databases);
        this.mapping = mapping;
    }

    /**
     * Returns the range that begins after a key, null for the first.
     *
     * @param rows the most legacy rows that it has; it may have one modern row more
     */
    KeyRange after(@Nullable RecordKey key, int rows) {
        KeyRange rest = new KeyRange(key, null);
        KeyRange legacy =
                new KeyRange(key, boundary(Side.LEGACY, rest, rows - 1).orElse(null));
        // Where the legacy rows have ended, the modern rows behind them must not all be in one range.
        return boundary(Side.MODERN, legacy, rows)
                .filter(end -> key == null || isAfter(end, key))
                .map(end -> new KeyRange(key, end))
                .orElse(legacy);
    }

    /** Compares keys in the legacy side's order, because two databases may sort texts differently. */
    private boolean isAfter(RecordKey one, RecordKey other) {
        return sides.ask(
                Side.LEGACY,
                dsl -> dsl.select(field(row(typed(one)).gt(row(typed(other)))))
                        .fetchSingle()
                        .value1());
    }

    private List<Field<Object>> typed(RecordKey key) {
        List<Field<Object>> typed = new ArrayList<>();
        for (int i = 0; i < mapping.legacy().key().size(); i++) {
            typed.add(mapping.legacy().key().get(i).ofKeyText(val(key.values().get(i))));
        }
        return typed;
    }

    private Optional<RecordKey> boundary(Side side, KeyRange range, int offset) {
        Relation relation = mapping.relation(side);
        List<Field<String>> texts = relation.keyTexts();
        boolean text = !databases.areShared()
                && relation.key().stream().anyMatch(column -> !column.type().matches(ASCII));
        ServerEncoding own = text ? encoding(side) : ServerEncoding.UNICODE;
        ServerEncoding other = text ? encoding(side.opposite()) : ServerEncoding.UNICODE;
        return sides.read(side, connection -> {
            int skipped = offset;
            while (true) {
                List<RecordKey> keys = Databases.dsl(connection)
                        .select(texts)
                        .from(relation.aliased())
                        .where(range.covers(relation))
                        .orderBy(relation.keyFields())
                        .offset(skipped)
                        .limit(text ? LOOKED_AT : 1)
                        .fetch(row -> new RecordKey(texts.stream().map(row::get).toList()));
                Optional<RecordKey> end = keys.stream()
                        .filter(key -> !text || other.understands(key, own))
                        .findFirst();
                if (end.isPresent() || !text || keys.size() < LOOKED_AT) {
                    return end;
                }
                skipped += LOOKED_AT;
            }
        });
    }

    private ServerEncoding encoding(Side side) {
        return encodings.computeIfAbsent(side, one -> sides.read(one, ServerEncoding::of));
    }
}
