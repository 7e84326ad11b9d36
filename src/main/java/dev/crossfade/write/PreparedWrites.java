package dev.crossfade.write;

import dev.crossfade.statement.RowBinding;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An entity's statements in one stage. Those for a single row are clearly faster on the server; those for many are
 * rendered when first needed. Thread-safe.
 */
final class PreparedWrites {

    private final long epoch;
    private final WriteStatements one;
    private final Supplier<WriteStatements> renderMany;
    private volatile @Nullable WriteStatements many;

    /**
     * Creates the statements of a stage.
     *
     * @param epoch the epoch for which they were rendered
     */
    PreparedWrites(long epoch, WriteStatements one, Supplier<WriteStatements> renderMany) {
        this.epoch = epoch;
        this.one = one;
        this.renderMany = renderMany;
    }

    /** Tells whether they are those of an epoch. */
    boolean isOf(long other) {
        return epoch == other;
    }

    /** Returns those for a number of rows. */
    WriteStatements of(int rows) {
        if (RowBinding.of(rows) == RowBinding.ONE) {
            return one;
        }
        WriteStatements known = many;
        if (known == null) {
            known = renderMany.get();
            many = known;
        }
        return known;
    }
}
