package dev.crossfade.queue;

import dev.crossfade.model.RecordKey;
import dev.crossfade.sql.TextStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A durable note that the mirror of a key may be stale.
 *
 * @param id its number within the database that holds it
 * @param key the key to bring up to date
 */
public record Intent(long id, RecordKey key) {

    /** Reads a row of id and {@code width} key texts. */
    public static Intent read(ResultSet row, int width) throws SQLException {
        return new Intent(row.getLong(1), TextStatement.key(row, 2, width));
    }
}
