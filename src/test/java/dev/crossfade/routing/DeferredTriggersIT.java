package dev.crossfade.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.check.Finding;
import dev.crossfade.guard.Breakers;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StatementException;
import dev.crossfade.testing.Refusals;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import dev.crossfade.trial.TrialWrite;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraint triggers that wait for the commit, of the mirror's table and of one that the mirror's triggers write. */
class DeferredTriggersIT {

    private static final String KILL = "perform pg_terminate_backend(pg_backend_pid());";
    private static final int SAVES = 12;

    /** What the trigger waits for. */
    private enum Place {
        /** A row of the mirror. */
        MIRROR,
        /** A row that a trigger of the mirror writes elsewhere. */
        BESIDE
    }

    /** In which transaction records are written. */
    private enum Way {
        ALONE {
            @Override
            void run(World world, Crossfade crossfade, DualWriteUsers users, Consumer<DualWriteUsers> work) {
                work.accept(users);
            }
        },
        TRANSACTION {
            @Override
            void run(World world, Crossfade crossfade, DualWriteUsers users, Consumer<DualWriteUsers> work) {
                crossfade.run(tx -> work.accept(users.in(tx)));
            }
        },
        JOIN {
            @Override
            void run(World world, Crossfade crossfade, DualWriteUsers users, Consumer<DualWriteUsers> work) {
                DSL.using(world.legacy().dataSource(), SQLDialect.POSTGRES)
                        .transaction(outer -> crossfade.join(outer, Side.LEGACY, tx -> {
                            work.accept(users.in(tx));
                            return true;
                        }));
            }
        };

        abstract void run(World world, Crossfade crossfade, DualWriteUsers users, Consumer<DualWriteUsers> work);
    }

    static Stream<Arguments> whateverIsSurvived() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Place.values())
                        .filter(place -> way != Way.JOIN || place == Place.MIRROR)
                        .flatMap(place -> Stream.of("P0001", "23514", "57P01", "08006", "0A000", "55P03", "40P01")
                                .map(state -> Arguments.of(way, place, state))));
    }

    static Stream<Arguments> wherever() {
        return Stream.of(Way.values())
                .flatMap(way -> Stream.of(Place.values())
                        .filter(place -> way != Way.JOIN || place == Place.MIRROR)
                        .map(place -> Arguments.of(way, place)));
    }

    @ParameterizedTest
    @MethodSource("whateverIsSurvived")
    void everyWriteGoesOnWhateverItRaises(Way way, Place place, String state) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.saveAll(List.of(new User(101, null, "A B"), new User(102, null, "B C")));
            wait(world.modern(), place, Refusals.raise(state));
            List<User> saved = new ArrayList<>();
            for (int id = 1; id <= SAVES; id++) {
                User user = new User(id, null, "Saved " + id);
                way.run(world, crossfade, users, all -> all.save(user));
                saved.add(user);
            }
            way.run(world, crossfade, users, all -> all.saveAll(List.of(new User(103, null, "C D"))));
            way.run(world, crossfade, users, all -> all.delete(101L));
            way.run(world, crossfade, users, all -> Users.rename(all, 102, "Re named"));
            saved.addAll(List.of(new User(102, null, "Re named"), new User(103, null, "C D")));

            assertThat(breaker(crossfade)).isNotEqualTo(CircuitBreaker.State.CLOSED);
            assertThat(legacy(crossfade)).containsExactlyElementsOf(saved);
            over(world.modern());
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Whether a write whose session ends at its commit was committed is not known to anybody, so it is told. */
    @ParameterizedTest
    @MethodSource("wherever")
    void aMirrorThatEndsTheSessionAtTheCommitIsLeftAloneAfterAFewWrites(Way way, Place place) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            wait(world.modern(), place, KILL);
            List<User> saved = new ArrayList<>();
            int told = 0;
            for (int id = 1; id <= 2 * SAVES; id++) {
                User user = new User(id, null, "Saved " + id);
                try {
                    way.run(world, crossfade, users, all -> all.save(user));
                    saved.add(user);
                } catch (StatementException e) {
                    told++;
                }
            }

            assertThat(told).isLessThan(SAVES);
            assertThat(breaker(crossfade)).isNotEqualTo(CircuitBreaker.State.CLOSED);
            assertThat(legacy(crossfade)).containsAll(saved);
            over(world.modern());
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** Each of the writes was reported as a success before their one commit failed. */
    @ParameterizedTest
    @EnumSource(names = {"TRANSACTION"})
    void aMirrorThatEndsTheSessionIsLeftAloneHoweverMuchATransactionWrites(Way way) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            wait(world.modern(), Place.BESIDE, KILL);
            int told = 0;
            for (int id = 1; id <= 2 * SAVES; id++) {
                User one = new User(id, null, "One " + id);
                User other = new User(100 + id, null, "Other " + id);
                User third = new User(200 + id, null, "Third " + id);
                try {
                    way.run(
                            world,
                            crossfade,
                            users,
                            all -> List.of(one, other, third).forEach(all::save));
                } catch (StatementException e) {
                    told++;
                }
            }

            assertThat(told).isLessThan(SAVES);
            assertThat(breaker(crossfade)).isNotEqualTo(CircuitBreaker.State.CLOSED);
            over(world.modern());
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    /** The caller's commit is not ours to make again, so the check has to say it before. */
    @ParameterizedTest
    @ValueSource(strings = {"P0001", "57P01", "0A000"})
    void whatFailsTheCallersOwnCommitIsNamedByTheTrial(String state) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.save(new User(1, null, "A B"));
            wait(world.modern(), Place.BESIDE, Refusals.raise(state));

            assertThatThrownBy(() -> Way.JOIN.run(world, crossfade, users, all -> all.save(new User(2, null, "B C"))))
                    .isInstanceOf(DataAccessException.class);

            List<Finding> findings = new TrialWrite(world.databases(), List.of(Users.MAPPING), TrialWrite.THOROUGH)
                    .run(Users.MAPPING, Side.LEGACY)
                    .findings();
            assertThat(findings).anySatisfy(finding -> {
                assertThat(finding.problem()).contains("SQLSTATE " + state);
                assertThat(finding.remedy()).contains("is_mirror_write");
            });
        }
    }

    /** A commit that is refused for the caller's own sake is so without the mirror, too. */
    @ParameterizedTest
    @EnumSource(names = {"ALONE", "TRANSACTION"})
    void whatTheAuthoritativeSideRefusesAtTheCommitIsTold(Way way) {
        try (World world = new World(Topology.ONE_DATABASE)) {
            world.usersAt(Stage.DUAL_WRITE);
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            users.save(new User(1, null, "A B"));
            trigger(world.legacy(), "legacy.users", Refusals.raise("23514"));

            for (int i = 0; i < SAVES; i++) {
                assertThatThrownBy(() -> way.run(world, crossfade, users, all -> all.delete(1L)))
                        .isInstanceOf(StatementException.class)
                        .hasMessageContaining("refused");
            }

            assertThat(breaker(crossfade)).isEqualTo(CircuitBreaker.State.CLOSED);
            assertThat(world.differences()).isEmpty();
        }
    }

    private static void wait(TestDatabase database, Place place, String body) {
        if (place == Place.MIRROR) {
            trigger(database, "modern.accounts", body);
            return;
        }
        database.execute(
                "create table modern.audit (n int)",
                """
                create function public.audit() returns trigger language plpgsql as
                    $$begin insert into modern.audit values (1); return null; end$$""",
                "create trigger audit after insert or update or delete on modern.accounts for each row execute function public.audit()");
        trigger(database, "modern.audit", body);
    }

    private static void trigger(TestDatabase database, String table, String body) {
        database.execute(
                "create function public.refuse() returns trigger language plpgsql as $$begin %s return null; end$$"
                        .formatted(body),
                "create constraint trigger refuse after insert or update or delete on %s deferrable initially deferred for each row execute function public.refuse()"
                        .formatted(table));
    }

    private static void over(TestDatabase database) {
        database.execute("drop function public.refuse() cascade");
    }

    private static CircuitBreaker.State breaker(Crossfade crossfade) {
        return Breakers.of(EntityRouter.of(crossfade.routing()).guards().mirror("user"))
                .getState();
    }

    private static List<User> legacy(Crossfade crossfade) {
        return new SideUsers(crossfade.routing(), Side.LEGACY).page(null, 100);
    }
}
