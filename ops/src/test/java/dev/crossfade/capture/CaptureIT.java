package dev.crossfade.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.crossfade.Crossfade;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.SweepRequests;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.SideUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** Writers that bypass the service are mirrored too, at no cost to the routing layer. */
class CaptureIT {

    private static final String INSERT =
            "insert into legacy.users (id, email, first_name) select i, i || '@example.org', 'F' from generate_series(1, 20) as i";

    @ParameterizedTest
    @EnumSource
    void everyKindOfStatementIsNoted(Topology topology) {
        try (World world = new World(topology)) {
            captured(world, Stage.DUAL_WRITE);
            TestDatabase legacy = world.legacy();

            assertThat(noted(world, () -> legacy.execute(INSERT))).isEqualTo(20);
            assertThat(noted(world, () -> legacy.execute("update legacy.users set first_name = 'G' where id <= 3")))
                    .isEqualTo(3);
            assertThat(noted(world, () -> legacy.execute("update legacy.users set id = id + 100 where id in (4, 5)")))
                    .as("a changed key is two keys")
                    .isEqualTo(4);
            assertThat(noted(world, () -> legacy.execute("delete from legacy.users where id in (6, 7)")))
                    .isEqualTo(2);
            assertThat(noted(world, () -> legacy.execute("""
                            insert into legacy.users (id, email) values (8, 'a@example.org'), (60, 'b@example.org')
                            on conflict (id) do update set email = excluded.email
                            """))).isEqualTo(2);
            assertThat(noted(world, () -> copy(legacy, "70\tc@example.org\n71\td@example.org\n")))
                    .isEqualTo(2);
            assertThat(noted(world, () -> legacy.execute("delete from legacy.users where id < 0")))
                    .isZero();
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @Test
    void aMergeIsNoted() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            captured(world, Stage.DUAL_WRITE);
            assumeThat(version(world)).as("MERGE came with PostgreSQL 15").isGreaterThanOrEqualTo(15);
            world.legacy().execute(INSERT);
            world.drain();

            assertThat(noted(world, () -> world.legacy().execute("""
                            merge into legacy.users u
                            using (values (1, 'one'), (2, null), (99, 'new')) as v (id, name) on u.id = v.id
                            when matched and v.name is null then delete
                            when matched then update set first_name = v.name
                            when not matched then insert (id, email) values (v.id, 'new@example.org')
                            """))).isEqualTo(3);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ONE_DATABASE, 0", "TWO_DATABASES, 1"})
    void aRoutedWritePaysOnce(Topology topology, long intents) {
        try (World world = new World(topology)) {
            Service service = captured(world, Stage.DUAL_WRITE);
            DualWriteUsers users = service.users();

            assertThat(noted(world, () -> users.save(new User(1, "a@example.org", "Ada L"))))
                    .isEqualTo(intents);
            assertThat(noted(world, () -> users.save(new User(1, "b@example.org", "Ada M"))))
                    .isEqualTo(intents);
            assertThat(noted(world, () -> users.delete(1L))).isEqualTo(intents);
            world.moveTo(service.crossfade(), Stage.MODERN_PRIMARY);
            assertThat(noted(world, () -> users.save(new User(2, "c@example.org", "Ada N"))))
                    .isEqualTo(intents);
            assertThat(noted(world, () -> users.delete(2L))).isEqualTo(intents);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherStatementsOfTheSameTransactionAreNoted(Topology topology) {
        try (World world = new World(topology)) {
            Service service = captured(world, Stage.DUAL_WRITE);
            DualWriteUsers users = service.users();
            users.save(new User(1, "a@example.org", "Ada"));
            users.save(new User(2, "b@example.org", "Bob"));

            long noted = noted(
                    world,
                    () -> service.crossfade().transaction(tx -> {
                        users.in(tx).save(new User(1, "c@example.org", "Ada"));
                        tx.dsl(Side.LEGACY).execute("update legacy.users set first_name = 'Bert' where id = 2");
                        users.in(tx).save(new User(3, "d@example.org", "Cy"));
                        return tx;
                    }));

            assertThat(noted).isEqualTo(topology == Topology.ONE_DATABASE ? 1 : 3);
            world.drain();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSideThatDecidesIsCaptured(Topology topology) {
        try (World world = new World(topology)) {
            Service service = captured(world, Stage.LEGACY_ONLY);
            Runnable legacy = () -> world.legacy()
                    .execute(
                            "insert into legacy.users (id, email) select coalesce(max(id), 0) + 1, 'l' || count(*) from legacy.users");
            Runnable modern = () -> world.modern()
                    .execute(
                            "insert into modern.accounts select coalesce(max(account_id), 1000) + 1, 'm' || count(*), 'M' from modern.accounts");

            assertThat(noted(world, legacy)).as("no mirror").isZero();
            for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW_READ, Stage.MODERN_READ)) {
                world.moveTo(service.crossfade(), stage);
                assertThat(noted(world, legacy)).as("legacy at %s", stage).isOne();
                assertThat(noted(world, modern)).as("modern at %s", stage).isZero();
            }
            world.moveTo(service.crossfade(), Stage.MODERN_PRIMARY);
            assertThat(noted(world, legacy)).as("the mirror").isZero();
            assertThat(noted(world, modern)).as("modern decides").isOne();
            world.moveTo(service.crossfade(), Stage.MODERN_ONLY);
            assertThat(noted(world, modern)).as("no mirror").isZero();
            world.moveTo(service.crossfade(), Stage.MODERN_PRIMARY);
            assertThat(noted(world, modern)).isOne();
            world.moveTo(service.crossfade(), Stage.MODERN_READ);
            assertThat(noted(world, legacy)).as("the way back").isOne();
            assertThat(noted(world, modern)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTruncationAsksForASweep(Topology topology) {
        try (World world = new World(topology)) {
            Service service = captured(world, Stage.DUAL_WRITE);
            SweepRequests requests = new SweepRequests(world.databases());
            requests.handOver("user");

            world.legacy().execute("truncate legacy.users");

            assertThat(SweepRequest.all(world))
                    .extracting(SweepRequest::entity, SweepRequest::reason)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("user", "truncated"));
            world.moveTo(service.crossfade(), Stage.MODERN_PRIMARY);
            world.modern().execute("truncate modern.accounts");
            assertThat(SweepRequest.all(world))
                    .extracting(SweepRequest::database)
                    .containsExactly(Side.LEGACY, topology == Topology.ONE_DATABASE ? Side.LEGACY : Side.MODERN);
            requests.handOver("user");
            assertThat(SweepRequest.all(world)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatForeignKeysMakeOfARoutedDeleteIsNoted(Topology topology) {
        try (World world = new World(topology)) {
            world.legacy()
                    .execute("alter table legacy.users add boss integer references legacy.users on delete cascade");
            Service service = captured(world, Stage.DUAL_WRITE);
            DualWriteUsers users = service.users();
            users.save(new User(1, "a@example.org", "Ada"));
            users.save(new User(2, "b@example.org", "Bob"));
            world.legacy().execute("update legacy.users set boss = 1 where id = 2");
            world.drain();

            users.delete(1L);

            world.drain();
            assertThat(world.modern().dsl().fetchCount(DSL.table("modern.accounts")))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatATriggerOfARoutedWriteWritesIsNoted(Topology topology) {
        try (World world = new World(topology)) {
            Service service = captured(world, Stage.DUAL_WRITE);
            DualWriteUsers users = service.users();
            users.save(new User(1, "a@example.org", "Ada"));
            world.drain();
            world.legacy().execute("""
                    create function legacy.count_them() returns trigger language plpgsql as $$
                    begin
                        update legacy.users set first_name = 'Counter' where id = 1;
                        return null;
                    end $$;
                    create trigger count_them after insert on legacy.users for each row execute function legacy.count_them();
                    """);

            users.save(new User(2, "b@example.org", "Bob"));

            world.drain();
            assertThat(world.differences()).isEmpty();
            assertThat(world.modern().dsl().fetchValue("select full_name from modern.accounts where account_id = 1"))
                    .isEqualTo("Counter");
        }
    }

    @Test
    void aWriteOfOneSideAloneIsNoted() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Service service = captured(world, Stage.DUAL_WRITE);
            SideUsers legacy = new SideUsers(service.crossfade().routing(), Side.LEGACY);

            assertThat(noted(world, () -> legacy.save(new User(1, "a@example.org", "Ada"))))
                    .isOne();
        }
    }

    /** Installs capture and brings an instance to a stage. */
    private static Service captured(World world, Stage stage) {
        Crossfade crossfade = world.start();
        DualWriteUsers users = new DualWriteUsers(crossfade.routing());
        new Capture(world.databases(), LockPatience.DEFAULTS).install(Users.MAPPING);
        world.moveTo(crossfade, stage);
        return new Service(crossfade, users);
    }

    private record Service(Crossfade crossfade, DualWriteUsers users) {}

    /**
     * Returns how many intents some work appended, by the sequence's numbers: an applier may delete the rows at once.
     */
    private static long noted(World world, Runnable work) {
        long before = numbers(world);
        work.run();
        return numbers(world) - before;
    }

    private static long numbers(World world) {
        long control = numbers(world.legacy());
        return world.databases().areShared() ? control : control + numbers(world.modern());
    }

    private static long numbers(TestDatabase database) {
        return database.dsl()
                .fetchSingle("select case when is_called then last_value else 0 end from crossfade.intent_id_seq")
                .get(0, Long.class);
    }

    private static int version(World world) {
        return Databases.dsl(world.databases().control())
                .fetchSingle("select current_setting('server_version_num')::int / 10000")
                .get(0, Integer.class);
    }

    private static void copy(TestDatabase database, String rows) {
        try (Connection connection = database.dataSource().getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy legacy.users (id, email) from stdin", new StringReader(rows));
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
