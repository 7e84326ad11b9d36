package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.JdbcAccounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * One transaction locks the table, copies it, and renames it away; then the service is switched.
 *
 * <p>Calls meanwhile wait for the lock, and fail if the table is gone by then.
 */
final class BigBang implements Strategy {

    private final DataSource operators;
    private final String name;
    private final AccountService legacy;
    private final AccountService modern;
    private final SwitchedService service;

    /**
     * Creates the strategy for a table.
     *
     * @param operators the operators' connections
     * @param pool the service's connections
     */
    BigBang(DataSource operators, DataSource pool, AccountTables tables) {
        this.operators = operators;
        this.name = tables.name();
        this.legacy = AccountService.of(JdbcAccounts.legacy(pool, tables));
        this.modern = AccountService.of(JdbcAccounts.modern(pool, tables));
        this.service = new SwitchedService(legacy);
    }

    @Override
    public AccountService service() {
        return service;
    }

    @Override
    public void prepare(Steps steps) {}

    @Override
    public void switchOver(Steps steps) throws Exception {
        move(
                steps,
                modern,
                new Move(
                        "lock table legacy.users_%s in access exclusive mode",
                        """
                insert into modern.accounts_%1$s (account_id, email, full_name)
                select id, lower(email), concat_ws(' ', first_name, last_name) from legacy.users_%1$s
                """, "alter table legacy.users_%1$s rename to users_%1$s_old"));
    }

    /** Does the same in the other direction: later writes are copied back with the rest. */
    @Override
    public void rollBack(Steps steps) throws Exception {
        move(steps, legacy, new Move("lock table modern.accounts_%s in access exclusive mode", """
                truncate legacy.users_%1$s_old;
                insert into legacy.users_%1$s_old (id, email, first_name, last_name)
                select account_id, email, split_part(full_name, ' ', 1), split_part(full_name, ' ', 2)
                from modern.accounts_%1$s
                """, """
                alter table legacy.users_%1$s_old rename to users_%1$s;
                alter table modern.accounts_%1$s rename to accounts_%1$s_old
                """));
    }

    @Override
    public boolean writesBothSides() {
        return false;
    }

    /** The statements of a transaction, with placeholders for the tables' names. */
    private record Move(String lock, String copy, String rename) {}

    private void move(Steps steps, AccountService to, Move move) throws Exception {
        try (Connection connection = operators.getConnection()) {
            connection.setAutoCommit(false);
            steps.take("lock", () -> execute(connection, move.lock()));
            steps.take("copy", () -> execute(connection, move.copy()));
            steps.take("rename", () -> {
                execute(connection, move.rename());
                connection.commit();
            });
            connection.setAutoCommit(true);
        }
        steps.take("switch-the-service", () -> service.switchTo(to));
    }

    private void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql.formatted(name));
        }
    }
}
