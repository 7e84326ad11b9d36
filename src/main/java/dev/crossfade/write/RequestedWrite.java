package dev.crossfade.write;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What a caller wants written to the authoritative side. */
public sealed interface RequestedWrite {

    /** Returns how many records it names; 0 if only its statement knows. */
    int size();

    /** Upsert records, given as rows of texts in the order of the modern shape, with distinct keys. */
    record Save(List<List<@Nullable String>> rows) implements RequestedWrite {
        @Override
        public int size() {
            return rows.size();
        }
    }

    /** Delete records. */
    record Delete(Collection<RecordKey> keys) implements RequestedWrite {
        @Override
        public int size() {
            return keys.size();
        }
    }

    /** Run a statement of the caller on the authoritative side; it returns the keys that it wrote. */
    record Custom(BiFunction<DSLContext, Side, List<RecordKey>> statement) implements RequestedWrite {
        @Override
        public int size() {
            return 0;
        }
    }

    /** Let the caller write the authoritative side; it has declared which keys it may touch. */
    record Declared(List<RecordKey> keys, BiConsumer<DSLContext, Side> write) implements RequestedWrite {
        @Override
        public int size() {
            return keys.size();
        }
    }
}
