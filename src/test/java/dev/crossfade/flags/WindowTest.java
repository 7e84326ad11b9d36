package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class WindowTest {

    @Test
    void whatIsLeftIsNeverMoreThanAllOfIt() throws SQLException {
        assertThat(new Window().left()).isPositive().isLessThanOrEqualTo(Window.LONGEST);
    }

    /** Code that blocks writers treats it as an attempt to retry, as if the server had ended it. */
    @Test
    void oneThatIsOverIsAnAttemptThatHasRunOut() {
        Window window = new Window();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(window::isOver);

        assertThatThrownBy(window::left)
                .isInstanceOf(SQLException.class)
                .matches(failure -> FlipTransactions.hasRunOut((SQLException) failure));
    }
}
