package dev.crossfade.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.crossfade.control.ControlSchema;
import org.junit.jupiter.api.Test;

class TestDatabasesIT {

    @Test
    void theSidesOfAPairAreDifferentDatabasesThatTakeTheControlSchema() {
        try (TestDatabases.Pair pair = TestDatabases.createPair()) {
            ControlSchema.install(pair.databases());
            ControlSchema.install(pair.databases());

            assertThat(pair.databases().areShared()).isFalse();
            assertThat(pair.legacy().name()).isNotEqualTo(pair.modern().name());
            assertThat(pair.modern().dsl().fetchValue("select count(*) from crossfade.intent"))
                    .isEqualTo(0L);
        }
    }

    @Test
    void aClosedDatabaseIsGoneThoughASessionWasOpen() throws Exception {
        try (TestDatabase witness = TestDatabases.create()) {
            TestDatabase database = TestDatabases.create();
            try (var session = database.dataSource().getConnection()) {
                assertThat(session.isValid(5)).isTrue();
                database.close();
            }
            await().untilAsserted(() -> assertThat(witness.dsl()
                            .fetchValue("select count(*) from pg_database where datname = ?", database.name()))
                    .isEqualTo(0L));
        }
    }
}
