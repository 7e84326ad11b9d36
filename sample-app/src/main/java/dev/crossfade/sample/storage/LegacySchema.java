package dev.crossfade.sample.storage;

import dev.crossfade.control.ControlSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The legacy schema that the sample starts from: messy, and full of data. */
public final class LegacySchema {

    private LegacySchema() {}

    /**
     * Creates the legacy schema and fills it.
     *
     * @param rows how many users there are, and as many orders (one fewer if odd)
     * @param seed the seed of the data; the same seed gives the same rows
     */
    public static void create(DataSource database, int rows, long seed) {
        try (Connection connection = database.getConnection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(Scripts.read("legacy.sql"));
            }
            fill(connection, "users.sql", rows, seed);
            fill(connection, "orders.sql", rows - rows % 2, seed);
        } catch (SQLException e) {
            throw ControlSchema.explain(e);
        }
    }

    private static void fill(Connection connection, String script, int rows, long seed) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(Scripts.read(script))) {
            insert.setLong(1, rows);
            insert.setLong(2, seed);
            insert.executeUpdate();
        }
    }
}
