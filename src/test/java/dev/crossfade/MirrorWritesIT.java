package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.testing.TestDatabase;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import dev.crossfade.testing.Users.DualWriteUsers;
import dev.crossfade.testing.Users.User;
import dev.crossfade.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A trigger that ignores the mirror's writes runs for the authoritative side's writes, in every statement that writes
 * both.
 */
class MirrorWritesIT {

    private static final String MARKED = "touched ";

    static Stream<Arguments> worlds() {
        return Stream.of(Topology.values())
                .flatMap(topology -> Stream.of(Stage.DUAL_WRITE, Stage.MODERN_PRIMARY)
                        .flatMap(stage -> Stream.of(true, false).map(named -> arguments(topology, stage, named))));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void onlyTheAuthoritativeSidesTriggerRuns(Topology topology, Stage stage, boolean named) throws Exception {
        try (World world = new World(topology)) {
            Crossfade crossfade = world.start();
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, stage);
            trigger(world.legacy(), "legacy.users", "first_name", named);
            trigger(world.modern(), "modern.accounts", "full_name", named);

            users.save(new User(1, "a@example.org", "one"));
            users.save(new User(1, "a@example.org", "again"));
            users.saveAll(List.of(new User(2, "b@example.org", "two"), new User(3, "c@example.org", "three")));
            Users.rename(users, 3, "four");
            crossfade.transaction(tx -> {
                users.in(tx).save(new User(4, "d@example.org", "five"));
                return null;
            });

            Awaitility.await().until(() -> world.intents() == 0);
            assertThat(world.missedWrites()).isZero();
            // once for each write of the authoritative side, never for the mirror's
            assertThat(names(world, stage.authority()))
                    .containsExactly("1 touched again", "2 touched two", "3 touched four", "4 touched five");
            assertThat(names(world, stage.authority().opposite())).isEqualTo(names(world, stage.authority()));
        }
    }

    /**
     * The statement for both sides fails on it; the save then writes one side after the other, and leaves no intent.
     */
    @Test
    void aTriggerThatDoesNotNameItsTableCostsTheSaveItsStatementAndNotItsMirror() {
        try (World world = new World(Topology.ONE_DATABASE)) {
            Crossfade crossfade = world.start(RoutingSettings.DEFAULTS.withMirrorBudget(Duration.ofSeconds(30)));
            DualWriteUsers users = new DualWriteUsers(crossfade.routing());
            world.moveTo(crossfade, Stage.DUAL_WRITE);
            trigger(world.modern(), "modern.accounts", "full_name", false);

            users.save(new User(1, "a@example.org", "one"));
            users.save(new User(1, "a@example.org", "two"));

            assertThat(names(world, Side.MODERN)).containsExactly("1 two");
            assertThat(
                            world.legacy()
                                    .dsl()
                                    .fetchValue(
                                            "select pg_sequence_last_value(cast(pg_get_serial_sequence('crossfade.intent', 'id') as regclass))"))
                    .as("no intent was ever appended")
                    .isNull();
        }
    }

    private static List<String> names(World world, Side side) {
        return side == Side.LEGACY
                ? world.legacy()
                        .dsl()
                        .fetch(
                                "select id || ' ' || concat_ws(' ', first_name, last_name) from legacy.users order by id")
                        .map(row -> row.get(0, String.class))
                : world.modern()
                        .dsl()
                        .fetch("select account_id || ' ' || full_name from modern.accounts order by account_id")
                        .map(row -> row.get(0, String.class));
    }

    private static void trigger(TestDatabase database, String table, String column, boolean named) {
        String schema = table.substring(0, table.indexOf('.'));
        database.execute(
                "create function %s.touch() returns trigger language plpgsql as $$ begin new.%s := '%s' || replace(new.%s, '%s', ''); return new; end $$"
                        .formatted(schema, column, MARKED, column, MARKED),
                "create trigger touch before insert or update on %s for each row when (not crossfade.is_mirror_write(%s)) execute function %s.touch()"
                        .formatted(table, named ? "'" + table + "'" : "", schema));
    }
}
