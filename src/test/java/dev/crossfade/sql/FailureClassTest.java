package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassTest {

    @ParameterizedTest
    @CsvSource({
        // the server, the session or the schema: every row would fail
        "08006, OUTAGE",
        "25006, OUTAGE",
        "28P01, OUTAGE",
        "40001, OUTAGE",
        "40P01, OUTAGE",
        "42501, OUTAGE",
        "42P01, OUTAGE",
        "53300, OUTAGE",
        "55P03, OUTAGE",
        "57014, OUTAGE",
        "57P01, OUTAGE",
        "58030, OUTAGE",
        "XX000, OUTAGE",
        // the row
        "21000, POISON",
        "22001, POISON",
        "22P02, POISON",
        "23502, POISON",
        "23505, POISON",
        "23514, POISON",
        "44000, POISON",
        "54000, POISON",
        "P0001, POISON",
        "ZZ123, POISON",
        // its parent
        "23503, WAITS_FOR_PARENT",
        // its children
        "23001, REFERENCED",
        // our own
        "CF005, POISON"
    })
    void theSqlStateSaysWhatToDoNext(String state, FailureClass expected) {
        assertThat(FailureClass.of(new SQLException("refused", state))).isEqualTo(expected);
        assertThat(FailureClass.of(new DataAccessException("wrapped", new SQLException("refused", state))))
                .isEqualTo(expected);
    }

    @Test
    void whatIsNoAnswerOfTheServerIsAnOutage() {
        assertThat(FailureClass.of(new SQLException("no state"))).isEqualTo(FailureClass.OUTAGE);
        assertThat(FailureClass.of(new SQLTimeoutException("too late"))).isEqualTo(FailureClass.OUTAGE);
        assertThat(FailureClass.of(new IllegalStateException("ours"))).isEqualTo(FailureClass.OUTAGE);
        assertThat(FailureClass.of(new StackOverflowError())).isEqualTo(FailureClass.OUTAGE);
    }

    @Test
    void theDeepestStateCounts() {
        SQLException deepest = new SQLException("deepest", "23505");
        SQLException outer = new SQLException("outer", "08001", deepest);

        assertThat(FailureClass.sqlState(outer)).isEqualTo("23505");
        assertThat(FailureClass.sqlState(new SQLException("outer", "23505", new SQLException("no state"))))
                .isEqualTo("23505");
        assertThat(FailureClass.sqlState(new IllegalStateException())).isEmpty();
    }
}
