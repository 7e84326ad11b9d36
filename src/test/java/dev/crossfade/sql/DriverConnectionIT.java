package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.jdbc.PgConnection;

/** A lost connection is distinguished from an error on a working one, and only the former is reported to the pool. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriverConnectionIT {

    private static final String KILL = "select pg_terminate_backend(pg_backend_pid())";

    private final TestDatabase database = TestDatabases.create();

    @AfterAll
    void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0A000", "08006", "57P01", "57P02", "P0001"})
    void whatTheServerRaisesIsNoLoss(String state) throws SQLException {
        List<String> seen = new ArrayList<>();
        try (Connection pooled = judging(database.dataSource().getConnection(), seen)) {
            DriverConnection driver = DriverConnection.of(pooled);

            SQLException failure = failure(
                    driver, "do $$begin raise exception 'refused' using errcode = '%s'; end$$".formatted(state));

            assertThat(driver.isLost(failure)).isFalse();
            assertThat(seen).isEmpty();
            assertThat(failure(DriverConnection.of(pooled), "select 1 / 0").getSQLState())
                    .isEqualTo("22012");
        }
    }

    /** Not every pool checks a connection when it is returned. */
    @Test
    void aPoolThatJudgesByExceptionsIsToldOfALoss() throws SQLException {
        List<String> seen = new ArrayList<>();
        try (Connection pooled = database.dataSource().getConnection()) {
            DriverConnection driver = DriverConnection.of(judging(pooled, seen));

            assertThat(driver.direct()).isInstanceOf(PgConnection.class);
            assertThat(driver.isLost(failure(driver, KILL))).isTrue();
            assertThat(seen).containsExactly("08003");
        }
    }

    @Test
    void aLossIsToldBeneathAWrapperThatHidesTheDriver() throws SQLException {
        try (Connection pooled = new InterceptedDataSource(database.dataSource()).getConnection()) {
            DriverConnection driver = DriverConnection.of(pooled);

            assertThat(driver.direct()).isSameAs(pooled);
            assertThat(driver.isLost(failure(driver, KILL))).isTrue();
        }
    }

    @Test
    void aConnectionThatHasNoAnswerIsUsedAsItIs() {
        Connection mute = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, values) -> {
                    throw new UnsupportedOperationException(method.getName());
                });

        assertThat(DriverConnection.of(mute).direct() instanceof PgConnection).isFalse();
    }

    private static SQLException failure(DriverConnection driver, String sql) {
        return catchThrowableOfType(SQLException.class, () -> {
            try (Statement statement = driver.direct().createStatement()) {
                statement.execute(sql);
            }
        });
    }

    /** Returns a connection as of a pool that notes the SQLSTATE of what passes it. */
    private static Connection judging(Connection pooled, List<String> seen) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, values) -> {
                    try {
                        return method.invoke(pooled, values);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof SQLException failure) {
                            seen.add(failure.getSQLState());
                        }
                        throw e.getCause();
                    }
                });
    }
}
