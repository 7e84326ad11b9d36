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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/** Cuts all keys of both sides into ranges of a bounded number of rows. The last range has no end. */
final class Ranges {

    private final SideReader sides;
    private final TableMapping mapping;
    private final int rows;

    /** Makes ranges of at most {@code rows} legacy rows, and at most one modern row more. */
    Ranges(Databases databases, TableMapping mapping, int rows) {
        this.sides = new SideReader(databases);
        this.mapping = mapping;
        this.rows = rows;
    }

    /** Returns the range that begins after a key, null for the first. */
    KeyRange after(@Nullable RecordKey key) {
        KeyRange rest = new KeyRange(key, null);
        KeyRange legacy =
                new KeyRange(key, boundary(Side.LEGACY, rest, rows - 1).orElse(null));
        // Where the legacy rows have gone, the modern ones behind them must not all be looked at in one go.
        return boundary(Side.MODERN, legacy, rows)
                .filter(end -> key == null || isAfter(end, key))
                .map(end -> new KeyRange(key, end))
                .orElse(legacy);
    }

    /** The legacy side's order is the one that goes on: two databases may sort texts in ways of their own. */
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
            typed.add(mapping.legacy().key().get(i).cast(val(key.values().get(i))));
        }
        return typed;
    }

    private Optional<RecordKey> boundary(Side side, KeyRange range, int offset) {
        Relation relation = mapping.relation(side);
        List<Field<String>> texts = relation.keyTexts();
        return sides.ask(
                side,
                dsl -> dsl.select(texts)
                        .from(relation.aliased())
                        .where(range.covers(relation))
                        .orderBy(relation.keyFields())
                        .offset(offset)
                        .limit(1)
                        .fetchOptional(row ->
                                new RecordKey(texts.stream().map(row::get).toList())));
    }
}
