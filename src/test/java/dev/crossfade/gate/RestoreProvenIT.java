package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RestoreProvenIT {

    private static final Step AUTHORITY_MOVES = step(Stage.MODERN_READ, Stage.MODERN_PRIMARY);

    @ParameterizedTest
    @EnumSource
    void theLawMustHoldForTheRowsThatAreThere(Topology topology) {
        try (Scene scene = new Scene(topology)) {
            Gate gate = gate(scene, Users.MAPPING, 1_000);
            assertThat(seen(gate)).startsWith("it does for all 0 rows");
            insert(scene, 1, 5, "Ada");
            assertThat(seen(gate)).startsWith("it does for all 5 rows");

            // An empty last name is joined with a blank, and splitting that gives null.
            scene.legacy().execute("insert into legacy.users values (6, 'x@example.org', 'Ada', '')");

            assertThat(gate.check(AUTHORITY_MOVES)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen())
                        .isEqualTo(
                                "entities.user.project.full_name: The way back changes the modern column 'full_name':"
                                        + " for 1 of the first 6 legacy rows, project gives another value after restore than before");
                assertThat(closed.remedy()).startsWith("Let restore keep what project needs");
            });
        }
    }

    @Test
    void onBigTablesBothEndsAreLookedAtAndThatIsSaid() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            insert(scene, 1, 50, "Ada");
            scene.legacy().execute("update legacy.users set last_name = '' where id = 25");
            Gate gate = gate(scene, Users.MAPPING, 20);
            assertThat(seen(gate)).startsWith("it does for the first and the last 20 rows by key");

            scene.legacy().execute("update legacy.users set last_name = '' where id = 45");
            assertThat(gate.check(AUTHORITY_MOVES))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen()).contains("for 1 of the last 20 legacy rows"));
            scene.legacy().execute("update legacy.users set last_name = '' where id = 5");
            assertThat(gate.check(AUTHORITY_MOVES))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen()).contains("for 1 of the first 20 legacy rows"));
        }
    }

    @Test
    void whatTheLegacyTableNeedsMustBeRestored() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            TableMapping forgetful = TableMapping.table("user")
                    .legacy("legacy", "users")
                    .modern("modern", "accounts")
                    .key(new Column("id", "integer"), new Column("account_id", "bigint"))
                    .project(new Column("email", "text"), "lower(btrim(email))")
                    .project(new Column("full_name", "character varying(40)"), "concat_ws(' ', first_name, last_name)")
                    .restore(new Column("email", "text"), "email")
                    .build();
            assertThat(gate(scene, forgetful, 10).check(AUTHORITY_MOVES))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen())
                                    .contains("The way back loses the modern column 'full_name'"));

            scene.legacy().execute("alter table legacy.users add column tax_id text not null");
            assertThat(gate(scene, Users.MAPPING, 10).check(AUTHORITY_MOVES))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen())
                                    .contains("'tax_id' of legacy.users is NOT NULL without a default"));
        }
    }

    @Test
    void aRestoreThatFailsOnARowIsNoProof() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            insert(scene, 1, 3, "Ada");
            TableMapping failing = TableMapping.table("user")
                    .legacy("legacy", "users")
                    .modern("modern", "accounts")
                    .key(new Column("id", "integer"), new Column("account_id", "bigint"))
                    .project(new Column("email", "text"), "lower(btrim(email))")
                    .restore(new Column("email", "text"), "cast(cast(email as integer) as text)")
                    .ignore("full_name")
                    .build();
            scene.legacy().execute("alter table modern.accounts alter column full_name drop not null");

            assertThat(gate(scene, failing, 10).check(AUTHORITY_MOVES))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen())
                                    .contains("Restore fails on values that project gives for 3 of the first 10 rows"));
        }
    }

    @Test
    void onlyTheMoveOfTheAuthorityToModernAsksForIt() {
        try (Scene scene = new Scene(Topology.ONE_DATABASE)) {
            Gate gate = gate(scene, Users.MAPPING, 10);
            assertThat(gate.check(step(Stage.SHADOW_READ, Stage.MODERN_READ))).isEqualTo(new NotConcerned());
            assertThat(gate.check(step(Stage.MODERN_PRIMARY, Stage.MODERN_READ)))
                    .isEqualTo(new NotConcerned());
        }
    }

    private static Gate gate(Scene scene, TableMapping mapping, int rows) {
        return new RestoreProven(scene.databases(), Scene.mappings(mapping), rows);
    }

    private static String seen(Gate gate) {
        return gate.check(AUTHORITY_MOVES) instanceof Open open ? open.seen() : "closed";
    }

    private static void insert(Scene scene, int from, int to, String name) {
        scene.legacy()
                .dsl()
                .execute(
                        "insert into legacy.users select i, 'u' || i || '@example.org', ?, 'L' from generate_series(?, ?) as i",
                        name,
                        from,
                        to);
    }
}
