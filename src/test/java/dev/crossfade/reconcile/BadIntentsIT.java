package dev.crossfade.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.MissedWrite;
import dev.crossfade.testing.Notes;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A bad row in the table of intents affects only its key or entity, is reported, and is not dropped. */
class BadIntentsIT {

    /** Failures that keep the control database from recording anything. */
    enum Trouble {
        DISK_FULL,
        READ_ONLY
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, '{abc}', 22P02",
        "TWO_DATABASES, '{abc}', 22P02",
        "ONE_DATABASE, '{99999999999}', 22003",
        "TWO_DATABASES, '{99999999999}', 22003",
        "ONE_DATABASE, '{1,2}', CF004",
        "TWO_DATABASES, '{1,2}', CF004",
        "ONE_DATABASE, '{}', 22P02",
        "TWO_DATABASES, '{}', 22P02",
        "ONE_DATABASE, '{null}', 22P02",
        "TWO_DATABASES, '{null}', 22P02",
        "ONE_DATABASE, '{{1},{2}}', CF004",
        "TWO_DATABASES, '{{1},{2}}', CF004",
        "ONE_DATABASE, '{null,2}', CF004",
        "TWO_DATABASES, '{null,2}', CF004"
    })
    void aKeyThatCannotBeReadIsMissedAlone(Topology topology, String key, String state) {
        try (World world = world(topology, 20)) {
            world.legacy().execute("insert into crossfade.intent (entity, key) values ('user', '%s')".formatted(key));

            Drain.Round round = drain(world.databases()).intents(Users.MAPPING, Duration.ZERO);

            assertThat(round).isEqualTo(new Drain.Round(20, 0, 1));
            assertThat(missed(world)).singleElement().satisfies(one -> {
                assertThat(one.sqlState()).isEqualTo(state);
                assertThat(one.message()).doesNotContain("abc", "999");
            });
            assertThat(world.intents()).isZero();
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyInAnotherSpellingIsStillThatKey(Topology topology) {
        try (World world = world(topology, 3)) {
            Drain drain = drain(world.databases());
            drain.intents(Users.MAPPING, Duration.ZERO);
            world.legacy()
                    .execute(
                            "update legacy.users set first_name = 'New' where id in (2, 3)",
                            "delete from legacy.users where id = 1",
                            "insert into crossfade.intent (entity, key) values ('user', '{001}'), ('user', '{002}'), ('user', '{2}'), ('user', '{\" 3\"}')");

            assertThat(drain.intents(Users.MAPPING, Duration.ZERO).applied()).isEqualTo(4);

            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void intentsOfAnEntityThatNobodyKnowsStayAndHoldUpNobody(Topology topology) {
        try (World world = world(topology, 5)) {
            Notes.append(world.legacy().dsl(), "newer", List.of(RecordKey.of("1"), RecordKey.of("a", "b")));

            assertThat(drain(world.databases())
                            .intents(Users.MAPPING, Duration.ZERO)
                            .applied())
                    .isEqualTo(5);

            assertThat(Intents.backlogs(world.legacy().dsl()).get("newer").count())
                    .isEqualTo(2);
            assertThat(world.differences()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMappingThatChangesWhileIntentsArePendingIsAppliedAsItIsNow(Topology topology) {
        try (World world = world(topology, 2)) {
            TableMapping shouting = TableMapping.table("user")
                    .legacy("legacy", "users")
                    .modern("modern", "accounts")
                    .key(new Column("id", "integer"), new Column("account_id", "bigint"))
                    .project(new Column("email", "text"), "lower(btrim(email))")
                    .project(new Column("full_name", "character varying(40)"), "upper(first_name)")
                    .build();

            assertThat(drain(world.databases()).intents(shouting, Duration.ZERO).applied())
                    .isEqualTo(2);

            assertThat(world.modern()
                            .dsl()
                            .fetch("select full_name from modern.accounts")
                            .getValues(0, String.class))
                    .containsOnly("FIRST");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatNoLongerFitsTheModernTypesIsMissedAlone(Topology topology) {
        try (World world = world(topology, 5)) {
            world.modern()
                    .execute(
                            "alter table modern.accounts add check (email <> '2@example.org')",
                            "alter table modern.accounts alter column full_name type varchar(5)");
            world.legacy().execute("update legacy.users set first_name = 'Longest' where id = 4");

            assertThat(drain(world.databases()).intents(Users.MAPPING, Duration.ZERO))
                    .isEqualTo(new Drain.Round(3, 0, 2));

            assertThat(missed(world)).extracting(MissedWrite::sqlState).containsExactlyInAnyOrder("23514", "22001");
            assertThat(missed(world))
                    .allSatisfy(one -> assertThat(one.message()).doesNotContain("example", "Longest"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, DISK_FULL",
        "TWO_DATABASES, DISK_FULL",
        "ONE_DATABASE, READ_ONLY",
        "TWO_DATABASES, READ_ONLY"
    })
    void whileNothingCanBeRecordedTheKeyWaitsAndTheOthersGoOn(Topology topology, Trouble trouble) {
        try (World world = world(topology, 5)) {
            world.legacy().execute("update legacy.users set last_name = repeat('x', 50) where id = 3");
            Drain drain = drain(troubled(world, trouble));

            assertThat(drain.intents(Users.MAPPING, Duration.ZERO)).isEqualTo(new Drain.Round(4, 1, 0));
            assertThat(Intents.count(world.legacy().dsl(), "user")).isOne();
            assertThatThrownBy(() -> drain.intents(Users.MAPPING, Duration.ZERO))
                    .isInstanceOf(MirrorOutageException.class)
                    .hasMessageContaining("A missed write of user cannot be recorded")
                    .hasMessageContaining(trouble == Trouble.DISK_FULL ? "raised this error" : "read-only transaction");
            assertThat(Intents.count(world.legacy().dsl(), "user"))
                    .as("nothing is dropped")
                    .isOne();

            world.legacy().execute("drop trigger if exists disk_is_full on crossfade.missed_write");
            assertThat(drain(world.databases())
                            .intents(Users.MAPPING, Duration.ZERO)
                            .missed())
                    .isOne();
            assertThat(world.intents()).isZero();
        }
    }

    private static Databases troubled(World world, Trouble trouble) {
        if (trouble == Trouble.READ_ONLY) {
            HikariDataSource readOnly = world.legacy()
                    .newDataSource(pool -> pool.setConnectionInitSql("set default_transaction_read_only = on"));
            return world.databases().areShared()
                    ? Databases.shared(readOnly)
                    : new Databases(readOnly, world.databases().modern());
        }
        world.legacy().execute("""
                create function public.disk_is_full() returns trigger language plpgsql as $$
                begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
                create trigger disk_is_full before insert or update on crossfade.missed_write
                    for each row execute function public.disk_is_full();
                """);
        return world.databases();
    }

    private static World world(Topology topology, int users) {
        World world = new World(topology);
        ControlSchema.install(world.databases());
        world.legacy()
                .dsl()
                .execute(
                        "insert into legacy.users (id, email, first_name) select i, i || '@example.org', 'First' from generate_series(1, cast(? as int)) as i",
                        users);
        world.legacy()
                .execute(
                        "insert into crossfade.authority (entity, epoch, stage) values ('user', 1, 'DUAL_WRITE')",
                        "insert into crossfade.intent (entity, key) select 'user', array[cast(id as text)] from legacy.users");
        return world;
    }

    private static Drain drain(Databases databases) {
        return new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
    }

    private static List<MissedWrite> missed(World world) {
        return new MissedWrites(world.legacy().dsl()).list(Optional.empty(), 10);
    }
}
