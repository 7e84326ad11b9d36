package dev.crossfade.benchmarks.accounts;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Compares the two sides of an entity by the benchmark's own plain SQL, independent of everything that is measured.
 *
 * @param legacy the legacy side's database
 * @param modern the modern side's database
 */
public record Sides(DataSource legacy, DataSource modern) {

    /**
     * Counts the keys that are on one side only, or whose rows differ under the mapping. Call it while nobody writes.
     */
    public int diverged(AccountTables tables) throws SQLException {
        Map<Long, List<String>> projected = projected(tables);
        Map<Long, List<String>> stored = stored(tables);
        Set<Long> keys = new HashSet<>(projected.keySet());
        keys.addAll(stored.keySet());
        return (int) keys.stream()
                .filter(key -> !Objects.equals(projected.get(key), stored.get(key)))
                .count();
    }

    /** Returns the legacy rows in the modern shape by key: e-mail and full name. */
    public Map<Long, List<String>> projected(AccountTables tables) throws SQLException {
        return rows(legacy, """
                select id, lower(email), concat_ws(' ', first_name, last_name) from legacy.users_%s
                """.formatted(tables.name()));
    }

    /** Returns the modern rows by key: e-mail and full name. */
    public Map<Long, List<String>> stored(AccountTables tables) throws SQLException {
        return rows(modern, """
                select account_id, email, full_name from modern.accounts_%s
                """.formatted(tables.name()));
    }

    private static Map<Long, List<String>> rows(DataSource database, String sql) throws SQLException {
        Map<Long, List<String>> rows = new HashMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.put(row.getLong(1), List.of(row.getString(2), row.getString(3)));
            }
        }
        return rows;
    }
}
