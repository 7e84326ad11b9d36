package dev.crossfade.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.DatabaseIdentity.Sighting;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Loop;
import dev.crossfade.testing.StoppableServer;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.TestDatabases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which a database can change its identity is noticed and named, and nothing else is. */
class IdentityWatchIT {

    private TestDatabase legacy;
    private TestDatabase modern;
    private Databases databases;

    @BeforeEach
    void create() {
        legacy = TestDatabases.create();
        modern = TestDatabases.create();
        databases = new Databases(legacy.dataSource(), modern.dataSource());
        ControlSchema.install(databases);
        AuthorityTable.register(legacy.dsl(), "user");
        AuthorityTable.register(modern.dsl(), "user");
        assertThat(look()).isEmpty();
        assertThat(look()).isEmpty();
    }

    @AfterEach
    void drop() {
        legacy.close();
        modern.close();
    }

    /** A change of a database, or of the other one's memory of it, and the expected reason. */
    static Stream<Arguments> changes() {
        return Stream.of(
                Arguments.of("update crossfade.identity set beat = 0", "", "it has gone back in time (log position"),
                Arguments.of("", "update crossfade.witness set position = position + 1000000000", "gone back in time"),
                Arguments.of(
                        "update crossfade.identity set token = gen_random_uuid()", "", "is another one than before"),
                Arguments.of(
                        "",
                        "update crossfade.witness set timeline = timeline + 1",
                        "was promoted or restored (timeline 1, was 2)"),
                Arguments.of("", "update crossfade.witness set system_identifier = '1'", "is on another server"),
                Arguments.of(
                        "update crossfade.identity set timeline = 7",
                        "",
                        "its server was promoted, restored or replaced"),
                Arguments.of("delete from crossfade.identity", "", "its schema crossfade was emptied"),
                Arguments.of(
                        "truncate crossfade.identity, crossfade.witness, crossfade.intent",
                        "",
                        "its schema crossfade was emptied"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aModernDatabaseThatIsNotWhatItWasIsNamed(String there, String remembered, String said) {
        change(modern, there);
        change(legacy, remembered);

        assertThat(look())
                .hasValueSatisfying(change -> assertThat(change)
                        .startsWith("the modern database is not what it was: ")
                        .contains(said));
        assertThat(frozen(legacy))
                .hasValueSatisfying(reason -> assertThat(reason).contains(said));
        assertThat(frozen(modern)).isEqualTo(frozen(legacy));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aLegacyDatabaseThatIsNotWhatItWasIsNamed(String here, String remembered, String said) {
        change(legacy, here);
        change(modern, remembered);

        assertThat(look())
                .hasValueSatisfying(change -> assertThat(change)
                        .startsWith("the legacy database is not what it was: ")
                        .contains(said));
        assertThat(frozen(legacy))
                .hasValueSatisfying(reason -> assertThat(reason).contains(said));
        assertThat(frozen(modern)).isEqualTo(frozen(legacy));
    }

    @Test
    void whoLooksWhileTheModernDatabaseIsAwaySeesOnlyTheLegacyOne() {
        modern.execute("drop schema crossfade cascade");

        assertThat(look()).isEmpty();
        assertThat(frozen(legacy)).isEmpty();

        legacy.execute("update crossfade.identity set timeline = 7");

        assertThat(look()).hasValueSatisfying(change -> assertThat(change).startsWith("the legacy database"));
        assertThat(frozen(legacy)).isPresent();
    }

    /** Before anybody has compared the databases: rows that the promoted server lacks must not be noted as written. */
    @Test
    void nobodyNotesKeysInAServerThatIsNotWhatItWas() {
        Standing standing = new Standing(Stage.DUAL_WRITE, 1);
        AuthorityTable.put(legacy.dsl(), "user", standing);
        StandingHold hold = new StandingHold(databases, "user", "fingerprint", standing);
        legacy.dsl().transaction(transaction -> transaction.dsl().connection(hold::beforeNoting));

        legacy.execute("update crossfade.identity set timeline = 7");

        assertThatThrownBy(() -> legacy.dsl()
                        .transaction(transaction -> transaction.dsl().connection(hold::beforeNoting)))
                .isInstanceOf(FrozenException.class)
                .hasMessageContaining("promoted, restored or replaced");
        assertThat(frozen(legacy)).as("not even frozen yet").isEmpty();
    }

    /** Looks race with each other, and with writers whose commits advance the WAL of both servers. */
    @Test
    void manyLooksAtTheSameTimeNeverFreezeWhatIsInOrder() {
        legacy.execute("create table written (id bigint)");
        modern.execute("create table written (id bigint)");
        List<Loop> loops = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            loops.add(Loop.of(() -> assertThat(look()).isEmpty()));
        }
        for (TestDatabase database : List.of(legacy, modern)) {
            loops.add(Loop.of(() -> database.dsl().execute("insert into written select generate_series(1, 20)")));
            loops.add(Loop.of(() -> IdentityTable.beat(database.dsl())));
        }
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        while (System.nanoTime() < end
                && loops.stream().allMatch(loop -> loop.failures().isEmpty())) {
            assertThat(changeInTransactions()).isEmpty();
        }
        loops.forEach(Loop::close);

        assertThat(loops).allSatisfy(loop -> {
            assertThat(loop.failures()).isEmpty();
            assertThat(loop.rounds()).isPositive();
        });
        assertThat(frozen(legacy)).isEmpty();
        assertThat(frozen(modern)).isEmpty();
    }

    @Test
    void aServerThatCrashesIsWhatItWasAfterwards() {
        try (StoppableServer server = StoppableServer.createDurable();
                TestDatabase other = server.createDatabase()) {
            Databases both = new Databases(legacy.dataSource(), other.dataSource());
            ControlSchema.install(both);
            legacy.execute("delete from crossfade.witness");
            for (Runnable end : List.<Runnable>of(server::kill, server::stop)) {
                other.execute("create table if not exists written as select generate_series(1, 10000)");
                assertThat(new IdentityWatch(both).look()).isEmpty();
                end.run();
                assertThat(new IdentityWatch(both).look())
                        .as("while it is down")
                        .isEmpty();
                server.start();
                assertThat(new IdentityWatch(both).look()).isEmpty();
                assertThat(new IdentityWatch(both).look()).isEmpty();
            }
        }
    }

    @Test
    void aSightingReadsAsItWasWritten() {
        DatabaseIdentity identity = legacy.dsl().connectionResult(Sighting::of).identity();

        assertThat(DatabaseIdentity.of(identity.texts())).isEqualTo(identity);
        assertThat(identity.system()).isNotEmpty();
        assertThat(identity.timeline()).isPositive();
        assertThat(identity.position()).isPositive();
    }

    /** As appliers look: in transactions of both databases. */
    private Optional<String> changeInTransactions() {
        return legacy.dsl()
                .transactionResult(here -> modern.dsl()
                        .transactionResult(there -> here.dsl()
                                .connectionResult(one ->
                                        there.dsl().connectionResult(other -> IdentityWatch.change(one, other)))));
    }

    private Optional<String> look() {
        return new IdentityWatch(databases).look();
    }

    private static void change(TestDatabase database, String sql) {
        if (!sql.isEmpty()) {
            database.execute(sql);
        }
    }

    private static Optional<String> frozen(TestDatabase database) {
        return AuthorityTable.fence(database.dsl(), "user").flatMap(Fence::frozen);
    }
}
