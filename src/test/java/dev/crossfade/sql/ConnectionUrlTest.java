package dev.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://host:5432/db | jdbc:postgresql://host:5432/db",
                "jdbc:postgresql://host/db | jdbc:postgresql://host/db",
                "jdbc:postgresql:///db | jdbc:postgresql:///db",
                "jdbc:postgresql:db | jdbc:postgresql:db",
                "jdbc:postgresql:/ | jdbc:postgresql:/",
                "jdbc:postgresql://[::1]:5432/db | jdbc:postgresql://[::1]:5432/db",
                "jdbc:postgresql://a:1,b:2/db?targetServerType=primary | jdbc:postgresql://a:1,b:2/db?targetServerType=primary",
                "jdbc:postgresql://host/my%20db?sslmode=require | jdbc:postgresql://host/my%20db?sslmode=require",
                "JDBC:POSTGRESQL://host/db | JDBC:POSTGRESQL://host/db",
                "jdbc:postgresql://host/db?ssl=true&ApplicationName=shop%201&connectTimeout=5 | jdbc:postgresql://host/db?ssl=true&ApplicationName=shop%201&connectTimeout=5",
            })
    void whatIsHarmlessStays(String url, String shown) {
        assertThat(ConnectionUrl.withoutSecrets(url)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://secretuser:secret@host:5432/db | jdbc:postgresql://…@host:5432/db",
                "jdbc:postgresql://secret@host/db | jdbc:postgresql://…@host/db",
                "jdbc:postgresql://u:secret@a:1,b:2/db?ssl=true | jdbc:postgresql://…@a:1,b:2/db?ssl=true",
                "jdbc:postgresql://u:sec@ret/secret@host/db | jdbc:postgresql://…@host/db",
                "jdbc:postgresql://u:secret%40x@host/db | jdbc:postgresql://…@host/db",
                "jdbc:postgresql://u:1?2secret@host/db | jdbc:postgresql:…",
                "jdbc:postgresql://host/db?user=secretuser&password=secret | jdbc:postgresql://host/db?…",
                "jdbc:postgresql://host/db?password=secret&sslmode=require | jdbc:postgresql://host/db?sslmode=require&…",
                "jdbc:postgresql://host/db?PASSWORD=secret | jdbc:postgresql://host/db?…",
                "jdbc:postgresql://host/db?pass%77ord=secret | jdbc:postgresql://host/db?…",
                "jdbc:postgresql://host/db?password=a&secret | jdbc:postgresql://host/db?…",
                "jdbc:postgresql://host/db?password=a&b=secret&ssl=true | jdbc:postgresql://host/db?ssl=true&…",
                "jdbc:postgresql://host/db?sslpassword=secret&sslkey=secret.key | jdbc:postgresql://host/db?…",
                "jdbc:postgresql://host/db?options=-c%20my.secret=secret | jdbc:postgresql://host/db?…",
                "jdbc:postgresql://host/db?ssl=true?password=secret | jdbc:postgresql://host/db?ssl=true&…",
                "jdbc:postgresql://host/db;password=secret | jdbc:postgresql://host/…",
                "jdbc:postgresql://host/db%3Fpassword%3Dsecret | jdbc:postgresql://host/…",
                "jdbc:postgresql://host/db#secret | jdbc:postgresql://host/…",
                "jdbc:postgresql://host:secret/db | jdbc:postgresql://…/db",
                "jdbc:postgresql:secretuser:secret@host/db | jdbc:postgresql:…@…",
                "jdbc:postgresql:///db?password=secret | jdbc:postgresql:///db?…",
                "postgresql://u:secret@host/db | postgresql://…@host/db",
                "postgres://u:secret@host/db | postgres://…@host/db",
                "jdbc:mysql://root:secret@host/db | jdbc:mysql://…@host/db",
                "jdbc:postgresql://host/%ZZsecret | jdbc:postgresql://host/…",
                "jdbc:postgresql://ho%73t%3Asecret@x/db | jdbc:postgresql://…@x/db",
                "secret | …",
                "'' | …",
            })
    void whatMayBeSecretDoesNot(String url, String shown) {
        assertThat(ConnectionUrl.withoutSecrets(url)).isEqualTo(shown).doesNotContain("secret");
        if (url.contains(":")) {
            assertThat(ConnectionUrl.withoutSecretsIn("cannot reach '" + url + "', or so"))
                    .as("within a sentence")
                    .isEqualTo("cannot reach '" + shown + "', or so");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Failed to get driver instance for jdbcUrl=jdbc:postgresql://u:secret@host/db?password=secret",
                "No suitable driver found for jdbc:postgresql://u:secret@host:54x/db, of 2",
                "Driver claims to not accept jdbcUrl, \"jdbc:postgresql://host/db?sslpassword=secret.\".",
                "(jdbc:postgresql://a/b?user=secret) and (postgresql://secret:secret@c/d)"
            })
    void messagesThatQuoteAUrlAreShownWithoutItsSecrets(String message) {
        assertThat(ConnectionUrl.withoutSecretsIn(message))
                .doesNotContain("secret")
                .contains("…");
        assertThat(ServerMessage.of(new SQLException(message))).doesNotContain("secret");
        assertThat(ServerMessage.withoutValues(new SQLException(message))).doesNotContain("secret");
    }

    @Test
    void theSentenceAroundAUrlStays() {
        assertThat(ConnectionUrl.withoutSecretsIn(
                        "The server at jdbc:postgresql://host:5432/db, is PostgreSQL 12 (see jdbc:postgresql:x)."))
                .isEqualTo("The server at jdbc:postgresql://host:5432/db, is PostgreSQL 12 (see jdbc:postgresql:x).");
        assertThat(ConnectionUrl.withoutSecretsIn("postgres: 3 rows")).isEqualTo("postgres: 3 rows");
    }
}
