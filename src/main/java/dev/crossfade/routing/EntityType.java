package dev.crossfade.routing;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextValue;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * What the routing layer needs to know about an entity's Java types. Generated beside the repositories; stateless.
 *
 * @param <R> the record
 * @param <K> the key
 */
public interface EntityType<R, K> {

    /** Returns the mapping. */
    TableMapping mapping();

    /** Returns the columns of the modern shape with their Java types, the key first, in the mapping's order. */
    List<Field<?>> fields();

    /** Creates a record from a row of {@link #fields()}. */
    R fromRow(Record row);

    /** Returns a record's values in the order of {@link #fields()}. */
    List<@Nullable Object> values(R entity);

    /** Returns the values of a key's columns. */
    List<Object> keyValues(K key);

    /** Returns a record's key. */
    K key(R entity);

    /** Returns the canonical text form of a key. */
    default RecordKey recordKey(K key) {
        return new RecordKey(keyValues(key).stream().map(TextValue::ofKey).toList());
    }
}
