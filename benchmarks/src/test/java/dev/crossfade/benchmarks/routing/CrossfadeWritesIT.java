package dev.crossfade.benchmarks.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.model.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossfadeWritesIT {

    @Test
    void aSaveRunsThePermitAndWhereThereIsAMirrorTheLockAndTheMirrorsPartAndLeavesNoIntent() throws Exception {
        try (Server server = Server.start(8)) {
            RoutingSuite.placeEntities(server);
            for (Stage stage : Stage.values()) {
                List<String> answered = saved(server, stage);

                assertThat(answered.getFirst())
                        .as(stage.label())
                        .contains(stage.fenced() ? "crossfade.require_epoch" : "crossfade.refuse_lease");
                if (stage.mirrors()) {
                    assertThat(answered).as(stage.label()).hasSize(3);
                    assertThat(answered.get(1)).contains(" for no key update of ");
                    assertThat(answered.get(2)).startsWith("savepoint crossfade_mirror");
                } else {
                    assertThat(answered).as(stage.label()).hasSize(1);
                }
            }
        }
    }

    @Test
    void whatTheDatabaseHasNoAnswerToIsRefused() {
        assertThatThrownBy(() -> new InstantConnection().createStatement())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Connection.createStatement");
    }

    private static List<String> saved(Server server, Stage stage) {
        CrossfadeWrites writes = new CrossfadeWrites();
        writes.url = Server.url(server.port());
        writes.stage = stage;
        writes.start();
        try {
            writes.save();
            writes.save();
            return List.copyOf(writes.answered());
        } finally {
            writes.stop();
        }
    }
}
