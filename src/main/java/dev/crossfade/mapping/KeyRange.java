package dev.crossfade.mapping;

import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static org.jooq.impl.DSL.val;

import dev.crossfade.model.RecordKey;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * A half-open range of keys.
 *
 * @param after the key before the first, null for none
 * @param upTo the last key, null for none
 */
public record KeyRange(@Nullable RecordKey after, @Nullable RecordKey upTo) {

    /** All keys. */
    public static final KeyRange ALL = new KeyRange(null, null);

    /** Returns the range's part after a key. */
    public KeyRange after(RecordKey key) {
        return new KeyRange(key, upTo);
    }

    /** Returns the condition that a row of {@code relation}, under its unqualified name, is in the range. */
    public Condition covers(Relation relation) {
        Condition condition = noCondition();
        if (after != null) {
            condition = condition.and(row(relation.keyFields()).gt(row(typed(relation, after))));
        }
        if (upTo != null) {
            condition = condition.and(row(relation.keyFields()).le(row(typed(relation, upTo))));
        }
        return condition;
    }

    private static List<Field<Object>> typed(Relation relation, RecordKey key) {
        List<Field<Object>> typed = new ArrayList<>();
        for (int i = 0; i < relation.key().size(); i++) {
            typed.add(relation.key().get(i).ofKeyText(val(key.values().get(i))));
        }
        return typed;
    }
}
