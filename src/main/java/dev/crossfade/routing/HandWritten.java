package dev.crossfade.routing;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextValue;
import java.util.List;
import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * A pair of hand-written repositories that join the migration through a {@link RepositoryPair}.
 *
 * @param mapping the mapping of the entity
 * @param legacy creates the implementation on the legacy schema; its statements must run in the given context
 * @param modern creates the implementation on the modern schema, likewise
 * @param keyValues returns the values of a key's columns, in the mapping's order
 * @param <S> the interface that both implement
 * @param <K> the key
 */
public record HandWritten<S, K>(
        TableMapping mapping,
        Function<DSLContext, S> legacy,
        Function<DSLContext, S> modern,
        Function<K, List<Object>> keyValues) {

    /** Describes a pair whose key is one column. */
    public static <S, K> HandWritten<S, K> of(
            TableMapping mapping, Function<DSLContext, S> legacy, Function<DSLContext, S> modern) {
        return new HandWritten<>(mapping, legacy, modern, List::of);
    }

    RecordKey recordKey(K key) {
        return new RecordKey(keyValues.apply(key).stream().map(TextValue::ofKey).toList());
    }
}
