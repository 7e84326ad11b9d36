package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.control.ModernSchema;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Instance;
import dev.crossfade.fleet.Fleet.Member;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import dev.crossfade.stages.StagePoller;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that know an entity by a different name. */
class SecondNameIT {

    private static final TableMapping CUSTOMER = TableMapping.table("customer")
            .legacy("legacy", "users")
            .modern("modern", "accounts")
            .key(new Column("id", "integer"), new Column("account_id", "bigint"))
            .project(new Column("email", "text"), "email")
            .restore(new Column("email", "text"), "email")
            .build();

    @ParameterizedTest
    @EnumSource
    void anInstanceThatCallsAnEntityOtherwiseDoesNotServeIt(Topology topology) {
        try (World world = new World(topology)) {
            world.usersAt(Stage.MODERN_PRIMARY);
            Databases databases = world.databases();
            Fleet fleet = new Fleet(databases.controlDsl());
            Instance late = Instance.ofThisProcess("late");
            try (StagePoller poller = new StagePoller(
                    databases,
                    fleet,
                    late,
                    new StagePoller.Start(Duration.ofMillis(20), ModernSchema.upToDate(databases)))) {
                poller.start();

                assertThatThrownBy(() -> poller.register(CUSTOMER))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining(
                                "legacy.users is the legacy table of 'user', which stands at modern-primary");

                assertThatThrownBy(() -> poller.current().of("customer")).isInstanceOf(CrossfadeException.class);
                assertThat(AuthorityTable.all(databases.controlDsl())).containsOnlyKeys("user");
                assertThat(fleet.live())
                        .flatExtracting(member -> member.acknowledged().keySet())
                        .containsOnly("user");
                poller.register(Users.MAPPING);
                assertThat(poller.current().of("user").stage()).isEqualTo(Stage.MODERN_PRIMARY);
            }
        }
    }

    /** It was paused while its entity was renamed; its lease is gone, and so must its stage be. */
    @ParameterizedTest
    @EnumSource
    void anInstanceWhoseEntityWasRenamedStopsServingIt(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.save(new User(1, "ada@example.org", "Ada"));
            world.legacy().execute("update crossfade.authority set entity = 'customer'");
            FormerEntities.begin(
                    world.databases().controlDsl(),
                    new Former(0, "user", Optional.of("customer"), Stage.LEGACY_ONLY, false),
                    "ada",
                    null);
            FormerEntities.finish(world.databases().controlDsl(), "user");

            Awaitility.await()
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> crossfade.stage("user")).isInstanceOf(CrossfadeException.class));

            assertThatThrownBy(() -> users.save(new User(2, "bob@example.org", "Bob")))
                    .isInstanceOf(CrossfadeException.class);
            assertThat(world.legacy().dsl().fetchValue("select count(*) from legacy.users"))
                    .isEqualTo(1L);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(new Fleet(world.databases().controlDsl()).live())
                            .extracting(Member::acknowledged)
                            .allSatisfy(acknowledged -> assertThat(acknowledged).doesNotContainKey("user")));
        }
    }
}
