package dev.crossfade.verify;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.ByteLimit;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.statement.RowSizes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Cuts keys into batches whose rows, of both sides, fit into memory together. */
public final class WideRows {

    private final SideReader sides;
    private final RowSizes legacy;
    private final RowSizes modern;
    private final long mostBytes = ByteLimit.ofBatch();

    /** Asks for the rows of an entity. */
    public WideRows(Databases databases, TableMapping mapping) {
        this.sides = new SideReader(databases);
        this.legacy = new RowSizes(mapping.legacy());
        this.modern = new RowSizes(mapping.modern());
    }

    /** Tells whether the rows of some keys are too much for one batch. */
    boolean areTooMany(Collection<RecordKey> keys) {
        long bytes = 0;
        for (Side side : Side.values()) {
            RowSizes sizes = side == Side.LEGACY ? legacy : modern;
            bytes += sides.read(side, connection -> sizes.ofKeys(connection, keys));
        }
        return bytes > mostBytes;
    }

    /**
     * Returns batches of at most so many, and of fewer where their rows are large; a row larger than a batch is alone.
     *
     * @param key the key of each
     */
    public <T> List<List<T>> batches(List<T> all, int most, Function<? super T, RecordKey> key) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            cut(all.subList(from, Math.min(all.size(), from + most)), key, batches);
        }
        return batches;
    }

    private <T> void cut(List<T> some, Function<? super T, RecordKey> key, List<List<T>> batches) {
        if (some.size() == 1 || !areTooMany(some.stream().map(key).toList())) {
            batches.add(some);
            return;
        }
        int half = some.size() / 2;
        cut(some.subList(0, half), key, batches);
        cut(some.subList(half, some.size()), key, batches);
    }
}
