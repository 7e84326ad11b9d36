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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MappingValidIT {

    private static final Step FORWARD = step(Stage.LEGACY_ONLY, Stage.DUAL_WRITE);

    @ParameterizedTest
    @EnumSource
    void aMappingThatFitsIsOpenAndOneThatNoLongerDoesIsClosedForward(Topology topology) {
        try (Scene scene = new Scene(topology)) {
            Gate gate = new MappingValid(scene.databases(), Scene.mappings());
            assertThat(gate.check(FORWARD))
                    .isInstanceOfSatisfying(
                            Open.class, open -> assertThat(open.seen()).startsWith("no errors, "));

            scene.modern().execute("alter table modern.accounts rename column full_name to name");

            assertThat(gate.check(FORWARD)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen())
                        .contains("entities.user.project.full_name")
                        .contains("no column 'full_name'");
                assertThat(closed.remedy()).isNotBlank();
            });
            assertThat(gate.check(step(Stage.MODERN_PRIMARY, Stage.MODERN_ONLY)))
                    .isInstanceOf(Closed.class);
            assertThat(gate.check(step(Stage.MODERN_READ, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());
        }
    }

    /** A trigger of the legacy table that changes restored values; without it both directions are clean. */
    @ParameterizedTest
    @EnumSource
    void aTableThatDoesNotKeepWhatItIsGivenIsFoundBeforeItBecomesAMirror(Topology topology) {
        try (Scene scene = new Scene(topology)) {
            scene.legacy()
                    .execute(
                            "insert into legacy.users (id, email, first_name) values (1, 'a@example.org', 'Ann')",
                            "create function legacy.touch() returns trigger language plpgsql as 'begin new.last_name := ''x''; return new; end'",
                            "create trigger touch before update on legacy.users for each row execute function legacy.touch()");
            Gate gate = new MappingValid(scene.databases(), Scene.mappings());
            Step authorityMoves = step(Stage.MODERN_READ, Stage.MODERN_PRIMARY);

            assertThat(gate.check(FORWARD)).isInstanceOf(Open.class);
            assertThat(gate.check(authorityMoves)).isInstanceOfSatisfying(Closed.class, closed -> {
                assertThat(closed.seen()).contains("entities.user.restore.last_name");
                assertThat(closed.remedy()).contains("`crossfade check user` lists all.");
                String remedy = closed.remedy();
                scene.legacy()
                        .execute(remedy.substring(
                                remedy.indexOf("CREATE OR REPLACE TRIGGER"), remedy.lastIndexOf(';') + 1));
            });
            assertThat(gate.check(authorityMoves)).isInstanceOf(Open.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheEntitysOwnErrorsCount(Topology topology) {
        try (Scene scene = new Scene(topology)) {
            TableMapping users = TableMapping.table("users")
                    .legacy("legacy", "nowhere")
                    .modern("modern", "nowhere")
                    .key(new Column("id", "integer"), new Column("id", "integer"))
                    .build();

            assertThat(new MappingValid(scene.databases(), Scene.mappings(users, Users.MAPPING)).check(FORWARD))
                    .isInstanceOf(Open.class);
            assertThat(new MappingValid(scene.databases(), Scene.mappings(users)).check(FORWARD))
                    .isInstanceOfSatisfying(
                            Closed.class,
                            closed -> assertThat(closed.seen()).isEqualTo("the mapping of 'user' is not known here"));
        }
    }
}
