package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.InterceptedDataSource;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The behaviour of a service's repositories, in every stage and both topologies. */
class RoutingIT {

    private static final User ADA = new User(1, "ada@example.org", "Ada Lovelace");

    static Stream<Arguments> everywhere() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.values()).map(stage -> Arguments.of(topology, stage)));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void savesFindsPagesAndDeletesAlikeInEveryStage(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);

            users.save(ADA);
            assertThat(users.find(1L)).contains(ADA);
            users.save(new User(1, "ada@lovelace.org", "Ada King"));
            users.saveAll(List.of(
                    new User(3, null, "Grace Brewster Hopper"),
                    new User(2, "alan@example.org", "Alan"),
                    new User(2, "alan@turing.org", "Alan Turing")));

            assertThat(users.find(1L)).contains(new User(1, "ada@lovelace.org", "Ada King"));
            assertThat(users.findByEmail("alan@turing.org")).contains(new User(2, "alan@turing.org", "Alan Turing"));
            assertThat(users.page(null, 2)).extracting(User::id).containsExactly(1L, 2L);
            assertThat(users.page(2L, 2)).containsExactly(new User(3, null, "Grace Brewster Hopper"));
            assertThat(users.findAll(List.of(1L, 3L, 9L))).hasSize(2);
            assertThat(users.delete(1L)).isTrue();
            assertThat(users.delete(1L)).isFalse();
            assertThat(users.find(1L)).isEmpty();
            assertThat(users.deleteAll(List.of(1L, 2L, 3L))).isEqualTo(2);
            users.save(ADA);

            assertThat(crossfade.awaitLevel(Duration.ofSeconds(10))).isTrue();
            assertThat(users.find(1L)).contains(ADA);
            if (stage.mirrors()) {
                assertThat(world.differences()).isEmpty();
                assertThat(world.intents()).isZero();
            } else {
                SideUsers mirror =
                        new SideUsers(crossfade.routing(), stage.authority().opposite());
                assertThat(mirror.page(null, 10)).isEmpty();
            }
        }
    }

    /** Otherwise each such failure would use up one place for callers that may write the mirror. */
    @Test
    void aSaveThatFailsAltogetherGivesItsPlaceAtTheMirrorBack() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            InterceptedDataSource database =
                    new InterceptedDataSource(world.databases().legacy());
            Crossfade crossfade =
                    world.start(RoutingSettings.DEFAULTS.withMirrorConcurrency(1), new Databases(database, database));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            users.save(ADA);
            database.intercept(sql -> {
                if (sql.contains("insert into \"legacy\".\"users\"")) {
                    throw new IllegalStateException("a test's own");
                }
            });
            assertThatThrownBy(() -> users.save(ADA)).isInstanceOf(IllegalStateException.class);
            database.letGo();

            users.save(new User(2, "b@example.org", "B"));

            assertThat(world.modern().dsl().fetchValue("select count(*) from modern.accounts"))
                    .isEqualTo(2L);
            assertThat(crossfade.pending("user")).isZero();
        }
    }

    /** The end of the mirror's part is slow here: as long as it can fail, it must be possible to roll it back. */
    @Test
    void aTimeoutAtTheVeryEndOfTheMirrorsPartDoesNotReachTheCaller() throws Exception {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.legacy().execute("""
                    create schema slow;
                    create function slow.set_config(name text, value text, local boolean) returns text
                        language plpgsql as $$
                    begin
                        if name = 'statement_timeout' and value = '0' then
                            perform pg_sleep(5);
                        end if;
                        return pg_catalog.set_config(name, value, local);
                    end
                    $$
                    """);
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(Duration.ofMillis(50)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);

            crossfade.transaction(tx -> {
                tx.dsl(Side.LEGACY).execute("set local search_path = slow, pg_catalog");
                users.in(tx).save(ADA);
                return null;
            });

            assertThat(users.find(ADA.id())).contains(ADA);
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(20))).isTrue();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aStatementOfTheServiceIsMirroredByTheKeysItReturns(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.saveAll(List.of(ADA, new User(2, "b@example.org", "Bob"), new User(3, "c@example.org", "Cy")));

            int written = users.write(
                    legacy -> legacy.update(DSL.table(DSL.name("legacy", "users")))
                            .set(DSL.field(DSL.name("first_name"), String.class), "Ms")
                            .where(DSL.field(DSL.name("id"), Integer.class).le(2))
                            .returning(DSL.field(DSL.name("id"), Integer.class)),
                    modern -> modern.update(DSL.table(DSL.name("modern", "accounts")))
                            .set(DSL.field(DSL.name("full_name"), String.class), "Ms")
                            .where(DSL.field(DSL.name("account_id"), Long.class).le(2L))
                            .returning(DSL.field(DSL.name("account_id"), Long.class)));

            assertThat(written).isEqualTo(2);
            assertThat(users.find(1L))
                    .hasValueSatisfying(user -> assertThat(user.name()).startsWith("Ms"));
            crossfade.awaitLevel(Duration.ofSeconds(10));
            if (stage.mirrors()) {
                assertThat(world.differences()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aTransactionIsSeenWholeOrNotAtAll(Topology topology, Stage stage) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);

            crossfade.transaction(tx -> {
                DualWriteUsers bound = users.in(tx);
                bound.save(ADA);
                bound.save(new User(2, "b@example.org", "Bob"));
                bound.delete(2L);
                assertThat(bound.find(1L)).contains(ADA);
                return null;
            });
            assertThatThrownBy(() -> crossfade.transaction(tx -> {
                        users.in(tx).save(new User(7, "x@example.org", "X"));
                        throw new IllegalStateException("the service changed its mind");
                    }))
                    .hasMessage("the service changed its mind");

            assertThat(users.find(1L)).contains(ADA);
            assertThat(users.find(7L)).isEmpty();
            assertThat(crossfade.awaitLevel(Duration.ofSeconds(10))).isTrue();
            assertThat(world.intents()).isZero();
            if (stage.mirrors()) {
                assertThat(world.differences()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aTransactionThatTheServiceBeganIsJoined(Topology topology) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            DSLContext jooq = world.databases().dsl(Side.LEGACY);

            jooq.transaction(outer -> crossfade.join(outer, Side.LEGACY, tx -> {
                users.in(tx).save(ADA);
                return null;
            }));
            assertThat(users.find(1L)).contains(ADA);
            assertThatThrownBy(() -> jooq.transaction(outer -> {
                        crossfade.join(outer, Side.LEGACY, tx -> {
                            users.in(tx).save(new User(7, "x@example.org", "X"));
                            return null;
                        });
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");

            assertThat(users.find(7L)).isEmpty();
            Awaitility.await().until(() -> crossfade.pending("user") == 0);
            assertThat(world.differences()).isEmpty();
        }
    }
}
