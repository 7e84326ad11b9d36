package dev.crossfade.sql;

import dev.crossfade.model.RecordKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement, rendered once, whose parameters are texts or arrays of texts. It casts them to the columns' types, so
 * one prepared statement serves every type.
 *
 * @param sql the statement with one {@code ?} for each parameter
 */
public record TextStatement(String sql) {

    /** Reads one row of a result. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs the statement and returns how many rows it changed; of several statements in one, the last one's count. */
    public int update(Connection connection, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, parameters)) {
            statement.execute();
            int changed = statement.getUpdateCount();
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                changed = statement.getUpdateCount();
            }
            return changed;
        }
    }

    /** Runs the statement and reads its rows. Of several statements in one, the last one's rows are read. */
    public <T> List<T> query(Connection connection, RowReader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, parameters)) {
            statement.execute();
            ResultSet last = statement.getResultSet();
            while (statement.getMoreResults(Statement.KEEP_CURRENT_RESULT) || statement.getUpdateCount() >= 0) {
                ResultSet next = statement.getResultSet();
                last = next == null ? last : next;
            }
            List<T> rows = new ArrayList<>();
            while (last != null && last.next()) {
                rows.add(reader.read(last));
            }
            return rows;
        }
    }

    /** Returns a statement that runs {@code first} before this one, in the same round trip. */
    public TextStatement after(TextStatement first) {
        return new TextStatement(first.sql + ";\n" + sql);
    }

    /**
     * Returns this query with its snapshot as the first column. If it has no rows, the result is one row with nulls
     * in the other columns.
     */
    public TextStatement withSnapshot() {
        return new TextStatement("""
                select cast(pg_current_snapshot() as text), found.*
                from (select) as always left join (
                %s
                ) as found on true
                """.formatted(sql));
    }

    /** Returns keys as one array for each key column, the form in which statements bind them. */
    public static Object[] arrays(Collection<RecordKey> keys) {
        return columns(keys.stream().map(RecordKey::values).toList());
    }

    /** Returns rows of texts as one array for each column. */
    public static Object[] columns(List<? extends List<@Nullable String>> rows) {
        int width = rows.isEmpty() ? 0 : rows.getFirst().size();
        @Nullable String[][] columns = new @Nullable String[width][rows.size()];
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < width; column++) {
                columns[column][row] = rows.get(row).get(column);
            }
        }
        return columns;
    }

    /** Returns the entity's name followed by the arrays, for statements that write intents. */
    public static @Nullable Object[] entityAnd(String entity, @Nullable Object... arrays) {
        @Nullable Object[] parameters = new @Nullable Object[arrays.length + 1];
        parameters[0] = entity;
        System.arraycopy(arrays, 0, parameters, 1, arrays.length);
        return parameters;
    }

    /** Reads a key from {@code width} text columns, the first at {@code from} (counted from 1). */
    public static RecordKey key(ResultSet row, int from, int width) throws SQLException {
        List<String> values = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            values.add(row.getString(from + i));
        }
        return new RecordKey(values);
    }

    private PreparedStatement prepare(Connection connection, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                Object parameter = parameters[i];
                if (parameter instanceof @Nullable String[] texts) {
                    Array array = connection.createArrayOf("text", texts);
                    statement.setArray(i + 1, array);
                } else if (parameter == null || parameter instanceof String) {
                    // Null is bound as a string too: otherwise the driver would prepare the statement again.
                    statement.setString(i + 1, (String) parameter);
                } else {
                    statement.setObject(i + 1, parameter);
                }
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }
}
