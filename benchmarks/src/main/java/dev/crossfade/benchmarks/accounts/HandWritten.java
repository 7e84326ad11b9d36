package dev.crossfade.benchmarks.accounts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A hand-written save of an account on both sides of one database: one statement, typed parameters, plain JDBC, and no
 * handling of failures on the mirror. It is the least that a dual write can cost.
 */
public final class HandWritten {

    private final DataSource database;
    private final String upsert;

    /** Creates it for the tables of an entity. */
    public HandWritten(DataSource database, AccountTables tables) {
        this.database = database;
        this.upsert = """
                with written as (
                    insert into legacy.users_%1$s (id, email, first_name, last_name) values (?, ?, ?, ?)
                    on conflict (id) do update
                    set email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name
                    returning *)
                insert into modern.accounts_%1$s (account_id, email, full_name)
                select id, lower(email), concat_ws(' ', first_name, last_name) from written
                on conflict (account_id) do update set email = excluded.email, full_name = excluded.full_name
                """.formatted(tables.name());
    }

    /** Inserts an account on both sides or replaces it. */
    public void save(Account account) throws SQLException {
        String[] names = account.fullName().split(" ", 2);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(upsert)) {
            statement.setLong(1, account.id());
            statement.setString(2, account.email());
            statement.setString(3, names[0]);
            statement.setString(4, names[1]);
            statement.executeUpdate();
        }
    }
}
