package dev.crossfade.connection;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.settings.DatabaseSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionCheckTest {

    private final ConnectionCheck check =
            new ConnectionCheck(Side.MODERN, new DatabaseSettings("jdbc:postgresql://h/n", "u", Optional.empty()));

    @Test
    void aServerOlderThanFourteenIsRefused() {
        assertThatThrownBy(() -> check.requireSupported(13))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("The modern database at h:5432/n is PostgreSQL 13; Crossfade needs 14 or newer."
                        + " Upgrade the server, or name another one.");
    }

    @Test
    void aServerOfFourteenIsNew() {
        assertThatCode(() -> check.requireSupported(14)).doesNotThrowAnyException();
    }
}
