package dev.crossfade.reconcile;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;
import java.util.Optional;

/** A row cannot be written yet, because another row has or gets its unique value. The message has no values. */
final class HeldValueException extends SQLException {

    private static final long serialVersionUID = 1;

    private final transient Optional<RecordKey> holder;

    /**
     * Creates the exception for one held value.
     *
     * @param index the unique index
     * @param holder the key of the mirror row that has the value, if there is one
     */
    HeldValueException(String index, Optional<RecordKey> holder) {
        super("the row of another key has the same value in the unique index " + index, SqlState.UNIQUE_VIOLATION);
        this.holder = holder;
    }

    /** Creates the exception for rows that exchange values, which the mirror's table does not allow. */
    HeldValueException(String index, String obstacle) {
        super(
                "rows exchange values of the unique index %s, which cannot be done row by row, and %s: make it a DEFERRABLE constraint"
                        .formatted(index, obstacle),
                SqlState.UNIQUE_VIOLATION);
        this.holder = Optional.empty();
    }

    /** Returns the key of the mirror row that has the value, if there is one. */
    Optional<RecordKey> holder() {
        return holder;
    }
}
