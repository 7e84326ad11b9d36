package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.backfill.Orders;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.OtherMappingException;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.gate.Gates;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.QueueActions;
import dev.crossfade.queue.QueueActions.Action;
import dev.crossfade.queue.QueueActions.Operator;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.World;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A proof opens gates for its own mapping and tables only; otherwise the gate says what differs. */
class EvidenceIT {

    private static final String VERIFIED = "verification clean";
    private static final String COPIED = "backfill complete";
    private static final String REWRITTEN = "table was made anew, emptied or rewritten since";

    /** What happens to one side's table after the proofs, and what the gates say then; empty if they stay open. */
    private enum Event {
        EMPTIED_AND_REFILLED(
                "create table {schema}.kept as select * from {table}; truncate {table}; insert into {table} select * from {schema}.kept",
                REWRITTEN),
        DROPPED_AND_MADE_ANEW(
                "alter table {table} rename to gone; create table {table} (like {schema}.gone including all); "
                        + "insert into {table} select * from {schema}.gone; drop table {schema}.gone",
                REWRITTEN),
        VACUUMED_FULL("vacuum full {table}", REWRITTEN),
        VACUUMED("vacuum analyze {table}", ""),
        GIVEN_A_COLUMN("alter table {table} add column added text", ""),
        GIVEN_AN_INDEX("create index on {table} ((1))", "");

        private final String sql;
        private final String seen;

        Event(String sql, String seen) {
            this.sql = sql;
            this.seen = seen;
        }

        void happen(TestDatabase database, String schema, String table) {
            database.execute(
                    sql.replace("{table}", table).replace("{schema}", schema).split("; "));
        }
    }

    static Stream<Arguments> events() {
        return Arrays.stream(Event.values())
                .flatMap(event -> Stream.of(Side.values()).map(side -> Arguments.of(event, side)));
    }

    @ParameterizedTest
    @MethodSource("events")
    void proofsHoldForTheTablesThatTheyWereAbout(Event event, Side side) {
        Topology topology = event.ordinal() % 2 == 0 ? Topology.TWO_DATABASES : Topology.ONE_DATABASE;
        try (World world = new World(topology)) {
            proven(
                    world.databases(),
                    Users.MAPPING,
                    world.legacy(),
                    "insert into legacy.users values (1, null, 'Ada')");
            String schema = side.label();
            event.happen(world.of(side), schema, side == Side.LEGACY ? "legacy.users" : "modern.accounts");

            Verdict verified = verdict(world.databases(), Users.MAPPING, VERIFIED);
            if (event.seen.isEmpty()) {
                assertThat(verified).isInstanceOf(Open.class);
            } else {
                assertThat(seen(verified)).contains("the " + side.label() + " " + event.seen);
            }
            Verdict copied = verdict(world.databases(), Users.MAPPING, COPIED);
            if (side == Side.MODERN && !event.seen.isEmpty()) {
                assertThat(seen(copied)).contains("the modern " + event.seen);
            } else if (event == Event.DROPPED_AND_MADE_ANEW) {
                assertThat(seen(copied)).contains("the legacy table was made anew since");
            } else {
                assertThat(copied).as("what was copied is there").isInstanceOf(Open.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void columnsInPlaceAreProvenInTheirOneTable(Topology topology) {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase separate = TestDatabases.create()) {
            Databases databases = topology == Topology.ONE_DATABASE
                    ? legacy.databases()
                    : new Databases(legacy.dataSource(), separate.dataSource());
            legacy.execute(Orders.NAMES_TABLE);
            proven(databases, Orders.NAMES, legacy, "insert into legacy.names values (1, 'Ada', 'Lovelace')");
            assertThat(verdict(databases, Orders.NAMES, VERIFIED)).isInstanceOf(Open.class);

            Event.EMPTIED_AND_REFILLED.happen(legacy, "legacy", "legacy.names");

            assertThat(seen(verdict(databases, Orders.NAMES, VERIFIED))).contains(REWRITTEN);
            assertThat(seen(verdict(databases, Orders.NAMES, COPIED))).contains(REWRITTEN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void quotedNamesAndPartitionsAreFollowed(Topology topology) {
        try (TestDatabase legacy = TestDatabases.create();
                TestDatabase separate = TestDatabases.create()) {
            TestDatabase modern = topology == Topology.ONE_DATABASE ? legacy : separate;
            Databases databases = new Databases(legacy.dataSource(), modern.dataSource());
            legacy.execute(Orders.LEGACY_LINES);
            modern.execute(
                    "create schema if not exists modern",
                    "create table modern.order_line (region text, no bigint, \"order\" text, primary key (region, no)) partition by range (no)",
                    "create table modern.first partition of modern.order_line for values from (0) to (100)",
                    "create table modern.second partition of modern.order_line for values from (100) to (200)");
            proven(databases, Orders.LINES, legacy, "insert into legacy.\"Order Lines\" values ('a', 1, 'x')");

            modern.execute("create table modern.third partition of modern.order_line for values from (200) to (300)");
            assertThat(verdict(databases, Orders.LINES, VERIFIED))
                    .as("a new partition is empty, or was written through the parent")
                    .isInstanceOf(Open.class);
            assertThat(verdict(databases, Orders.LINES, COPIED)).isInstanceOf(Open.class);

            modern.execute("alter table modern.order_line detach partition modern.second");
            assertThat(seen(verdict(databases, Orders.LINES, VERIFIED))).contains("the modern " + REWRITTEN);
            modern.execute(
                    "alter table modern.order_line attach partition modern.second for values from (100) to (200)");
            assertThat(verdict(databases, Orders.LINES, VERIFIED)).isInstanceOf(Open.class);

            modern.execute("truncate modern.first");
            assertThat(seen(verdict(databases, Orders.LINES, VERIFIED))).contains("the modern " + REWRITTEN);
            Event.EMPTIED_AND_REFILLED.happen(legacy, "legacy", "legacy.\"Order Lines\"");
            verify(databases, Orders.LINES);
            assertThat(verdict(databases, Orders.LINES, VERIFIED))
                    .isInstanceOfSatisfying(
                            Closed.class, closed -> assertThat(closed.seen()).contains("1 differences"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void proofsOfOneMappingSayNothingOfAnother(Topology topology) {
        try (World world = new World(topology)) {
            proven(
                    world.databases(),
                    Users.MAPPING,
                    world.legacy(),
                    "insert into legacy.users values (1, null, 'Ada')");
            TableMapping other = withLogins();
            world.modern().execute("alter table modern.accounts add column logins integer");

            for (String gate : List.of(VERIFIED, COPIED)) {
                assertThat(seen(verdict(world.databases(), other, gate)))
                        .contains("made with mapping " + Users.MAPPING.fingerprint())
                        .contains("live is " + other.fingerprint());
            }
            // Back to the former mapping: what the other one wrote meanwhile was not compared.
            AuthorityTable.adoptMapping(world.databases().controlDsl(), "user", Users.MAPPING.fingerprint());
            AuthorityTable.adoptMapping(world.databases().controlDsl(), "user", other.fingerprint());
            AuthorityTable.adoptMapping(world.databases().controlDsl(), "user", Users.MAPPING.fingerprint());
            assertThat(seen(verdict(world.databases(), Users.MAPPING, VERIFIED)))
                    .contains("the fleet's mapping was changed after it began");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverHasAnotherMappingThanTheFleetDoesNothing(Topology topology) {
        try (World world = new World(topology)) {
            proven(
                    world.databases(),
                    Users.MAPPING,
                    world.legacy(),
                    "insert into legacy.users values (1, null, 'Ada')");
            AuthorityTable.adoptMapping(
                    world.databases().controlDsl(), "user", withLogins().fingerprint());
            world.modern().execute("update modern.accounts set full_name = 'Of the new mapping'");

            assertThatThrownBy(() ->
                            new Verification(world.databases(), Users.MAPPING, VerificationListener.NONE).run(true))
                    .isInstanceOf(OtherMappingException.class)
                    .hasMessageContaining(Users.MAPPING.fingerprint())
                    .hasMessageContaining(withLogins().fingerprint());
            assertThatThrownBy(() -> backfill(world.databases(), Users.MAPPING))
                    .isInstanceOf(OtherMappingException.class);
            assertThat(new Sweep(
                                    world.databases(),
                                    Users.MAPPING,
                                    new Sweep.Settings(1_000_000, Duration.ZERO),
                                    SweepListener.NONE)
                            .turn(Duration.ofMinutes(1), () -> false))
                    .isEqualTo(Sweep.Turn.NONE);

            assertThat(world.modern().dsl().fetchValue("select full_name from modern.accounts"))
                    .isEqualTo("Of the new mapping");
        }
    }

    @Test
    void aProofOfTablesThatAreReplacedMeanwhileIsNone() {
        try (World world = new World(Topology.TWO_DATABASES)) {
            proven(
                    world.databases(),
                    Users.MAPPING,
                    world.legacy(),
                    "insert into legacy.users values (1, null, 'Ada')");
            VerificationListener replaces = new VerificationListener() {
                @Override
                public void progressed(long rowsDone, long rowsTotal) {
                    Event.EMPTIED_AND_REFILLED.happen(world.modern(), "modern", "modern.accounts");
                }
            };

            assertThatThrownBy(() -> new Verification(world.databases(), Users.MAPPING, replaces).run(false))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("while something changed under it")
                    .hasMessageContaining("modern " + REWRITTEN);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasDiscardedAfterwardsWasNotProven(Topology topology) {
        try (World world = new World(topology)) {
            proven(
                    world.databases(),
                    Users.MAPPING,
                    world.legacy(),
                    "insert into legacy.users values (1, null, 'Ada')");
            new MissedWrites(world.databases().controlDsl())
                    .missed("user", RecordKey.of("1"), Side.MODERN, new SQLException("no", "22001"));
            new QueueActions(world.databases().controlDsl())
                    .act(Action.DISCARD, MissedFilter.of("user"), new Operator("ada", null), 10);

            assertThat(seen(verdict(world.databases(), Users.MAPPING, VERIFIED)))
                    .isEqualTo("missed writes were discarded since the last comparison");
            verify(world.databases(), Users.MAPPING);
            assertThat(verdict(world.databases(), Users.MAPPING, VERIFIED)).isInstanceOf(Open.class);
        }
    }

    @Test
    void proofsFromBeforeTheyKnewTheirTablesProveNothing() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            proven(
                    world.databases(),
                    Users.MAPPING,
                    world.legacy(),
                    "insert into legacy.users values (1, null, 'Ada')");
            world.legacy()
                    .execute(
                            "update crossfade.verification set evidence = null",
                            "update crossfade.backfill set evidence = null");

            for (String gate : List.of(VERIFIED, COPIED)) {
                assertThat(seen(verdict(world.databases(), Users.MAPPING, gate)))
                        .contains("nothing says with which mapping and tables it was made");
            }
        }
    }

    /** The users, with one more column. */
    private static TableMapping withLogins() {
        return TableMapping.table("user")
                .legacy("legacy", "users")
                .modern("modern", "accounts")
                .key(new Column("id", "integer"), new Column("account_id", "bigint"))
                .project(new Column("logins", "integer"), "logins")
                .restore(new Column("logins", "integer"), "logins")
                .build();
    }

    private static void proven(Databases databases, TableMapping mapping, TestDatabase legacy, String row) {
        legacy.execute(row);
        Orders.moveTo(databases, mapping, Stage.DUAL_WRITE);
        backfill(databases, mapping);
        verify(databases, mapping);
        assertThat(verdict(databases, mapping, VERIFIED)).isInstanceOf(Open.class);
        assertThat(verdict(databases, mapping, COPIED)).isInstanceOf(Open.class);
    }

    private static void backfill(Databases databases, TableMapping mapping) {
        new Backfill(databases, mapping, Backfill.Settings.DEFAULTS, BackfillListener.NONE).run();
    }

    private static void verify(Databases databases, TableMapping mapping) {
        new Verification(databases, mapping, VerificationListener.NONE).run(false);
    }

    private static Verdict verdict(Databases databases, TableMapping mapping, String name) {
        Gate gate = Gates.all(databases, GateSettings.DEFAULTS, () -> List.of(mapping)).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        long epoch = AuthorityTable.find(databases.controlDsl(), mapping.entity())
                .orElseThrow()
                .epoch();
        return gate.check(new Step(mapping.entity(), new Standing(Stage.SHADOW_READ, epoch), Stage.MODERN_READ));
    }

    private static String seen(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Closed.class);
        return ((Closed) verdict).seen();
    }
}
