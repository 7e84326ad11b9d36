package dev.crossfade.gate;

import static dev.crossfade.gate.Scene.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.model.Stage;
import dev.crossfade.testing.Topology;
import dev.crossfade.testing.Users;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gates "written as given" and "way back lossless". */
class SavesAsGivenIT {

    private static final Step READS_MOVE = step(Stage.SHADOW_READ, Stage.MODERN_READ);
    private static final Step AUTHORITY_MOVES = step(Stage.MODERN_READ, Stage.MODERN_PRIMARY);
    private static final Step AUTHORITY_GOES_BACK = step(Stage.MODERN_PRIMARY, Stage.MODERN_READ);

    private final Scene scene = new Scene(Topology.ONE_DATABASE);
    private final Gate given = new WrittenAsGiven(scene.control(), Scene.mappings(), Duration.ofHours(24));
    private final Gate lossless = new WayBackLossless(scene.control());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void aSaveThatLostAValueLatelyKeepsReadsAndTheAuthorityWhereTheyAre() {
        assertThat(given.check(READS_MOVE)).isInstanceOf(Open.class);

        saved("user", "1", "1 minute", Users.MAPPING.fingerprint());
        saved("user", "2", "23 hours", Users.MAPPING.fingerprint());

        assertThat(given.check(READS_MOVE)).isInstanceOfSatisfying(Closed.class, closed -> {
            assertThat(closed.seen()).startsWith("2 keys were saved with a loss, the last at ");
            assertThat(closed.required()).isEqualTo("no save within 1 d whose values the legacy side has changed");
            assertThat(closed.remedy()).contains("`crossfade lossy user`", "--forget");
        });
        assertThat(given.check(AUTHORITY_MOVES)).isInstanceOf(Closed.class);
        assertThat(given.check(AUTHORITY_GOES_BACK)).isEqualTo(new NotConcerned());
        assertThat(given.check(step(Stage.DUAL_WRITE, Stage.SHADOW_READ))).isEqualTo(new NotConcerned());
    }

    @Test
    void neitherOtherEntitiesNorOtherMappingsNorWhatIsLongAgoNorSpellingsCount() {
        saved("order", "1", "1 minute", Users.MAPPING.fingerprint());
        saved("user", "2", "1 minute", "another mapping");
        saved("user", "3", "25 hours", Users.MAPPING.fingerprint());
        scene.control()
                .execute(
                        "insert into crossfade.lossy_write (entity, key, columns, given, stored, mapping)"
                                + " values ('user', '{4}', '{}', '{}', '{}', ?)",
                        Users.MAPPING.fingerprint());

        assertThat(given.check(READS_MOVE)).isInstanceOf(Open.class);
    }

    @Test
    void aKeyThatLegacyCannotGiveBackKeepsTheAuthorityOnTheModernSide() {
        assertThat(lossless.check(AUTHORITY_GOES_BACK)).isInstanceOf(Open.class);
        scene.control()
                .execute("insert into crossfade.lossy_key (entity, key, columns)"
                        + " select 'user', array[cast(n as text)], '{email,full_name}' from generate_series(1, 7) n");

        assertThat(lossless.check(AUTHORITY_GOES_BACK)).isInstanceOfSatisfying(Closed.class, closed -> {
            assertThat(closed.seen())
                    .startsWith("7 keys: 1 (email, full_name), 2")
                    .endsWith(", and 2 more");
            assertThat(closed.remedy()).contains("`crossfade lossy user`");
        });
        assertThat(lossless.check(AUTHORITY_MOVES)).isEqualTo(new NotConcerned());
        assertThat(lossless.check(step(Stage.MODERN_PRIMARY, Stage.MODERN_ONLY)))
                .isEqualTo(new NotConcerned());
    }

    private void saved(String entity, String key, String ago, String mapping) {
        scene.control()
                .execute(
                        "insert into crossfade.lossy_write (entity, key, columns, given, stored, mapping, changed_at)"
                                + " values (?, array[?], '{}', '{}', '{}', ?, now() - cast(? as interval))",
                        entity,
                        key,
                        mapping,
                        ago);
    }
}
