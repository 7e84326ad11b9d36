package dev.crossfade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StoppableServerIT {

    @Test
    void whatWasCommittedIsThereAfterAStopAndAStart() {
        try (StoppableServer server = StoppableServer.createDurable();
                TestDatabase database = server.createDatabase()) {
            database.execute("create table note (id int)", "insert into note values (1)");
            assertThat(database.dsl().fetchValue("show fsync")).isEqualTo("on");
            assertThat(database.dsl().fetchValue("show synchronous_commit")).isEqualTo("on");

            server.stop();
            assertThatThrownBy(() -> database.newDataSource(pool -> {
                                pool.setInitializationFailTimeout(-1);
                                pool.setConnectionTimeout(500);
                            })
                            .getConnection())
                    .isInstanceOf(SQLException.class);

            server.start();
            assertThat(database.dsl().fetchValue("select count(*) from note")).isEqualTo(1L);
        }
    }
}
