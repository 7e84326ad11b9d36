package dev.crossfade.sample.demo;

import dev.crossfade.control.ControlSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** Locks the modern tables against every reader and writer, several times. */
record LockOutage(DataSource database) implements Outage {

    private static final String DEADLOCK = "40P01";
    private static final int TIMES = 3;
    private static final Duration LOCKED = Duration.ofSeconds(2);
    private static final Duration BETWEEN = Duration.ofMillis(300);

    @Override
    public void strike() {
        for (int i = 0; i < TIMES; i++) {
            try {
                lock();
            } catch (SQLException e) {
                throw ControlSchema.explain(e);
            }
            Pause.of(BETWEEN);
        }
    }

    /**
     * Locks the tables. A session that copies rows may hold one table and wait for the other; the server then breaks
     * the deadlock.
     */
    private void lock() throws SQLException {
        boolean locked = false;
        while (!locked) {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table modern.accounts, modern.purchases in access exclusive mode");
                locked = true;
                Pause.of(LOCKED);
                connection.rollback();
            } catch (SQLException e) {
                if (!DEADLOCK.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    @Override
    public String description() {
        return "the modern tables are locked %d times for %d s".formatted(TIMES, LOCKED.toSeconds());
    }
}
