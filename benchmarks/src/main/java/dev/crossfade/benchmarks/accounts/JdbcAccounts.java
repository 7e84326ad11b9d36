package dev.crossfade.benchmarks.accounts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * What someone would write by hand to save an account on one side: an upsert with plain JDBC, in a transaction of its own.
 *
 * @param database the side's database
 * @param upsert the statement
 * @param legacyShape whether it takes two names in place of a full one
 */
public record JdbcAccounts(DataSource database, String upsert, boolean legacyShape) {

    /** Makes the writer of the legacy side. */
    public static JdbcAccounts legacy(DataSource database, AccountTables tables) {
        return new JdbcAccounts(database, """
                insert into legacy.users_%1$s (id, email, first_name, last_name) values (?, ?, ?, ?)
                on conflict (id) do update
                set email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name
                """.formatted(tables.name()), true);
    }

    /** Makes the writer of the modern side. */
    public static JdbcAccounts modern(DataSource database, AccountTables tables) {
        return new JdbcAccounts(database, """
                insert into modern.accounts_%1$s (account_id, email, full_name) values (?, ?, ?)
                on conflict (account_id) do update set email = excluded.email, full_name = excluded.full_name
                """.formatted(tables.name()), false);
    }

    /** Inserts an account or replaces it. */
    public void save(Account account) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(upsert)) {
            statement.setLong(1, account.id());
            statement.setString(2, account.email());
            if (legacyShape) {
                String[] names = account.fullName().split(" ", 2);
                statement.setString(3, names[0]);
                statement.setString(4, names[1]);
            } else {
                statement.setString(3, account.fullName());
            }
            statement.executeUpdate();
        }
    }
}
