package dev.crossfade.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.crossfade.control.ControlSchema;
import dev.crossfade.fleet.EntityGroups.Group;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class UsedTogetherIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void transactionsAreCountedAcrossInstancesInOnePlace() {
        try (TestDatabase database = TestDatabases.create()) {
            ControlSchema.install(database.databases());
            EntityGroups groups = new EntityGroups(database.dsl());
            for (int i = 0; i < 2; i++) {
                try (UsedTogether together = new UsedTogether(groups, Instance.ofThisProcess("1"))) {
                    together.noted(Set.of("b", "a"));
                    together.noted(Set.of("a", "b"));
                    together.declare(List.of("a", "b"));
                    together.declare(List.of("alone"));
                }
            }

            assertThat(groups.inForce(HOUR))
                    .extracting(Group::entities, Group::declared, Group::times)
                    .containsExactly(tuple(Set.of("a", "b"), false, 4L), tuple(Set.of("a", "b"), true, 0L));
        }
    }

    @Test
    void aServiceWhoseTransactionsAreMadeUpAtRandomTellsPairsThatConnectThemAll() {
        try (TestDatabase database = TestDatabases.create()) {
            ControlSchema.install(database.databases());
            EntityGroups groups = new EntityGroups(database.dsl());
            try (UsedTogether together = new UsedTogether(groups, Instance.ofThisProcess("1"))) {
                for (int i = 0; i < 500; i++) {
                    together.noted(Set.of("x" + i, "y" + i));
                }
                together.noted(Set.of("c", "a", "b"));
            }

            List<Group> told = groups.inForce(HOUR);
            assertThat(told).hasSize(502);
            assertThat(EntityGroups.movingWith("a", told)).containsExactly("b", "c");
        }
    }

    @Test
    void whatCannotBeToldIsToldLater() {
        try (TestDatabase database = TestDatabases.create()) {
            ControlSchema.install(database.databases());
            EntityGroups groups = new EntityGroups(database.dsl());
            database.execute("alter table crossfade.entity_group rename to away");
            try (UsedTogether together = new UsedTogether(groups, Instance.ofThisProcess("1"))) {
                together.start();
                together.noted(Set.of("a", "b"));
                together.noted(Set.of("a", "b"));
                Awaitility.await().until(() -> database.dsl().fetchValue("""
                        select count(*) from pg_stat_database where datname = current_database() and xact_rollback > 0
                        """).equals(1L));
                database.execute("alter table crossfade.away rename to entity_group");

                Awaitility.await()
                        .untilAsserted(() -> assertThat(groups.inForce(HOUR))
                                .extracting(Group::times)
                                .containsExactly(2L));
            }
        }
    }
}
