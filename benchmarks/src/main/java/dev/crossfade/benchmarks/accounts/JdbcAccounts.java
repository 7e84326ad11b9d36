package dev.crossfade.benchmarks.accounts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** A hand-written repository of accounts on one side: plain JDBC, each statement in its own transaction. */
public final class JdbcAccounts {

    private final DataSource database;
    private final boolean legacyShape;
    private final String select;
    private final String upsert;
    private final String delete;

    private JdbcAccounts(DataSource database, boolean legacyShape, String select, String upsert, String delete) {
        this.database = database;
        this.legacyShape = legacyShape;
        this.select = select;
        this.upsert = upsert;
        this.delete = delete;
    }

    /** Creates the repository of the legacy side. */
    public static JdbcAccounts legacy(DataSource database, AccountTables tables) {
        String name = tables.name();
        return new JdbcAccounts(
                database,
                true,
                """
                select id, lower(email), concat_ws(' ', first_name, last_name) from legacy.users_%1$s where id = ?
                """.formatted(name),
                """
                insert into legacy.users_%1$s (id, email, first_name, last_name) values (?, ?, ?, ?)
                on conflict (id) do update
                set email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name
                """.formatted(name),
                "delete from legacy.users_%1$s where id = ?".formatted(name));
    }

    /** Creates the repository of the modern side. */
    public static JdbcAccounts modern(DataSource database, AccountTables tables) {
        String name = tables.name();
        return new JdbcAccounts(
                database,
                false,
                """
                select account_id, email, full_name from modern.accounts_%1$s where account_id = ?
                """.formatted(name),
                """
                insert into modern.accounts_%1$s (account_id, email, full_name) values (?, ?, ?)
                on conflict (account_id) do update set email = excluded.email, full_name = excluded.full_name
                """.formatted(name),
                "delete from modern.accounts_%1$s where account_id = ?".formatted(name));
    }

    /** Finds an account. */
    public Optional<Account> find(long key) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Account(row.getLong(1), row.getString(2), row.getString(3)))
                        : Optional.empty();
            }
        }
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

    /** Deletes an account, if it exists. */
    public void delete(long key) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setLong(1, key);
            statement.executeUpdate();
        }
    }
}
