package dev.crossfade.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The schema {@code crossfade} is dropped, emptied or restored to an earlier state under a running service. */
class LostControlSchemaIT {

    private static final String TABLES = """
            select quote_ident(c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'crossfade' and c.relkind = 'r' order by 1
            """;

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, DUAL_WRITE",
        "ONE_DATABASE, MODERN_PRIMARY",
        "TWO_DATABASES, DUAL_WRITE",
        "TWO_DATABASES, MODERN_PRIMARY"
    })
    void aServiceWhoseSchemaIsDroppedKeepsItsStageOrRefuses(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start(builder -> builder.liveness(Duration.ofSeconds(2)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(new User(1, null, "Ada One"));
            world.drain();

            world.legacy().execute("drop schema crossfade cascade");

            refusedOrKept(world, users, stage);
            assertThat(crossfade.stage("user")).isEqualTo(stage);
            assertThat(crossfade.frozen()).isEmpty();
            assertThatThrownBy(() -> new DualWriteUsers(world.start().routing()))
                    .isInstanceOfAny(CrossfadeException.class, DataAccessException.class);
            assertThat(row(world, Side.LEGACY)).isPositive();
            assertThat(row(world, Side.MODERN)).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ONE_DATABASE, DUAL_WRITE",
        "ONE_DATABASE, MODERN_PRIMARY",
        "TWO_DATABASES, DUAL_WRITE",
        "TWO_DATABASES, MODERN_PRIMARY"
    })
    void aServiceWhoseSchemaIsEmptiedKeepsItsStageOrRefuses(Topology topology, Stage stage) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start(builder -> builder.liveness(Duration.ofSeconds(2)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(new User(1, null, "Ada One"));
            world.drain();
            List<String> tables = world.legacy().dsl().fetch(TABLES).getValues(0, String.class);

            world.legacy().execute("truncate crossfade." + String.join(", crossfade.", tables));

            refusedOrKept(world, users, stage);
            assertThat(crossfade.stage("user")).isEqualTo(stage);
            assertThatThrownBy(() -> new DualWriteUsers(world.start().routing()))
                    .isInstanceOfAny(CrossfadeException.class, DataAccessException.class);
            assertThat(row(world, Side.LEGACY)).isPositive();
            assertThat(row(world, Side.MODERN)).isPositive();
            if (topology == Topology.TWO_DATABASES) {
                awaitFrozen(world.modern(), "the legacy database is not what it was: its schema crossfade was emptied");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aStageThatARestoredSchemaDoesNotKnowIsRecordedAgain(Topology topology) {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start(builder -> builder.liveness(Duration.ofSeconds(2)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.MODERN_READ);
            List<String> tables = world.legacy().dsl().fetch(TABLES).getValues(0, String.class);
            world.legacy().execute("create schema dump");
            tables.forEach(table ->
                    world.legacy().execute("create table dump.%s as table crossfade.%s".formatted(table, table)));
            world.moveTo(crossfade, Stage.MODERN_PRIMARY);
            users.save(new User(1, null, "Ada One"));
            world.drain();
            Standing decided = standing(world);

            restore(world.legacy(), tables);

            // With two databases the first watch to notice gives the reason: that of the identity or that of the
            // stage.
            awaitFrozen(world.legacy(), topology == Topology.ONE_DATABASE ? "was decided before" : "");
            Awaitility.await().untilAsserted(() -> assertThat(standing(world)).isEqualTo(decided));
            assertThat(crossfade.stage("user")).isEqualTo(Stage.MODERN_PRIMARY);
            users.save(new User(2, null, "Bob Two"));
            DualWriteUsers newcomer = new DualWriteUsers(world.start().routing());
            newcomer.save(new User(3, null, "Eve Three"));
            assertThat(world.modern().dsl().fetchCount(DSL.table(DSL.name("modern", "accounts"))))
                    .isEqualTo(3);
        }
    }

    /** The next start recreates the schema of the modern database: its fences and intents are lost. */
    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DUAL_WRITE", "MODERN_PRIMARY"})
    void anEntityIsFrozenWhereTheModernSchemaWasMadeAnew(Stage stage) {
        try (World world = new World(Topology.TWO_DATABASES)) {
            Crossfade crossfade = world.start(builder -> builder.liveness(Duration.ofSeconds(2)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            users.save(new User(1, null, "Ada One"));
            world.drain();

            world.modern().execute("drop schema crossfade cascade");
            refusedOrKept(world, users, stage);
            DualWriteUsers newcomer = new DualWriteUsers(world.start().routing());

            awaitFrozen(world.legacy(), "the modern database is not what it was: its schema crossfade is another one");
            awaitFrozen(world.modern(), "the modern database is not what it was");
            assertThat(standing(world).stage()).isEqualTo(stage);
            newcomer.save(new User(3, null, "Eve Three"));
            assertThat(world.of(stage.authority())
                            .dsl()
                            .fetchCount(DSL.table(DSL.name(
                                    stage.authority().label(),
                                    stage.authority() == Side.LEGACY ? "users" : "accounts"))))
                    .isGreaterThanOrEqualTo(2);
        }
    }

    private static void restore(TestDatabase database, List<String> tables) {
        StringBuilder script =
                new StringBuilder("begin; truncate crossfade." + String.join(", crossfade.", tables) + ";");
        for (String table : tables) {
            String columns =
                    database.dsl().fetchSingle("""
                            select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
                            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                            """, "crossfade." + table).get(0, String.class);
            script.append("insert into crossfade.%s (%s) overriding system value select %s from dump.%s;"
                    .formatted(table, columns, columns, table));
        }
        database.execute(script + "commit");
    }

    /** Every save is either refused or on the side that decides. */
    private static void refusedOrKept(World world, DualWriteUsers users, Stage stage) {
        long saved = 10;
        for (int i = 0; i < 5; i++) {
            try {
                users.save(new User(saved + 1, null, "Eve Five"));
                saved++;
            } catch (CrossfadeException | DataAccessException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
        assertThat(row(world, stage.authority())).isGreaterThanOrEqualTo(saved - 10 + 1);
    }

    private static long row(World world, Side side) {
        return world.of(side)
                .dsl()
                .fetchSingle(
                        side == Side.LEGACY
                                ? "select count(*) from legacy.users"
                                : "select count(*) from modern.accounts")
                .get(0, Long.class);
    }

    private static Standing standing(World world) {
        return AuthorityTable.find(world.legacy().dsl(), "user").orElseThrow();
    }

    private static void awaitFrozen(TestDatabase database, String reason) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                AuthorityTable.fence(database.dsl(), "user").flatMap(Fence::frozen))
                        .hasValueSatisfying(text -> assertThat(text).contains(reason)));
    }
}
