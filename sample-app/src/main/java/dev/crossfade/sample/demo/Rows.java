package dev.crossfade.sample.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of a query in key order, read a few at a time. Not thread-safe. */
final class Rows implements AutoCloseable {

    private static final int FETCHED = 2_000;

    private final Connection connection;
    private final Statement statement;
    private final ResultSet result;
    private final Reader reader;
    private final Predicate<Long> keys;
    private @Nullable Row head;

    /** Builds a row from the current position of the query's result. */
    @FunctionalInterface
    interface Reader {
        Row read(ResultSet result) throws SQLException;
    }

    /**
     * A table's rows.
     *
     * @param query selects all rows, ordered by key
     * @param reader builds rows from the result
     */
    record Source(DataSource database, String query, Reader reader) {

        Rows open() throws SQLException {
            return new Rows(this, key -> true);
        }

        /** Opens the rows whose keys match. */
        Rows open(Predicate<Long> keys) throws SQLException {
            return new Rows(this, keys);
        }
    }

    private Rows(Source source, Predicate<Long> keys) throws SQLException {
        this.reader = source.reader();
        this.keys = keys;
        this.connection = source.database().getConnection();
        try {
            connection.setAutoCommit(false);
            this.statement = connection.createStatement();
            statement.setFetchSize(FETCHED);
            this.result = statement.executeQuery(source.query());
            advance();
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Returns the current row, null at the end. */
    @Nullable
    Row head() {
        return head;
    }

    /** Moves to the next row. */
    void advance() throws SQLException {
        do {
            head = result.next() ? reader.read(result) : null;
        } while (head != null && !keys.test(head.key()));
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                statement;
                result) {
            connection.rollback();
        }
        // the pool resets auto-commit
    }
}
