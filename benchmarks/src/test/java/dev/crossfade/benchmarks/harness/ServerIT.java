package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.model.RefusedException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class ServerIT {

    @Test
    void aServerThatStartsIsDurable() throws Exception {
        try (Server server = Server.start(2);
                Connection connection = server.dataSource().getConnection()) {
            Server.requireDurable(server.dataSource());
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void aServerWithTheEmbeddedDefaultsIsRefusedAndTheMessageNamesEverySettingThatIsOff() throws Exception {
        try (EmbeddedPostgres process = EmbeddedPostgres.start()) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(process.getPostgresDatabase());
            config.setMaximumPoolSize(1);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                assertThatThrownBy(() -> Server.requireDurable(pool))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("fsync = off")
                        .hasMessageContaining("synchronous_commit = off");
            }
        }
    }
}
