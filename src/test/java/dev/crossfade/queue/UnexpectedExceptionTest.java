package dev.crossfade.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.ServerMessage;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

class UnexpectedExceptionTest {

    @Test
    void classAndPlaceAreToldAndNotWhatTheExceptionQuotes() {
        SQLException odd = UnexpectedException.of(failure());

        assertThat(FailureClass.of(odd)).isEqualTo(FailureClass.POISON);
        assertThat(FailureClass.sqlState(odd)).isEqualTo("CF005");
        assertThat(ServerMessage.withoutValues(odd))
                .startsWith("java.lang.NumberFormatException at ")
                .contains(
                        "called from dev.crossfade.queue.UnexpectedExceptionTest.failure(UnexpectedExceptionTest.java:")
                .doesNotContain("secret");
    }

    @Test
    void whatAServerSaidKeepsItsClass() {
        SQLException said = new SQLException("gone", "08006");

        assertThat((Throwable) UnexpectedException.of(new DataAccessException("wrapped", said)))
                .isSameAs(said);
        assertThat(UnexpectedException.of(new IllegalStateException(new SQLException("closed")))
                        .getSQLState())
                .as("no state: an outage, not the key's fault")
                .isNull();
        assertThat((Throwable) UnexpectedException.of(new IllegalStateException(new SQLException("outer", said))))
                .isSameAs(said);
    }

    private static RuntimeException failure() {
        try {
            return new IllegalStateException("parsed " + Integer.parseInt("secret"));
        } catch (NumberFormatException e) {
            return e;
        }
    }
}
