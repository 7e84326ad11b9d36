package dev.crossfade.settings;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.verify.Sweep;
import dev.crossfade.worker.WorkerSettings.Draining;
import dev.crossfade.worker.WorkerSettings.Keeping;
import dev.crossfade.worker.WorkerSettings.Running;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bad settings of the operator's tools are refused in the same way, all of one kind at once. */
class OperatorSettingsRefusedTest {

    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    @Test
    void whatTheSchemaRunnerCannotUse() {
        refused(
                () -> new SchemaSettings(Duration.ZERO, 0, NEGATIVE, Duration.ofSeconds(Long.MAX_VALUE)),
                "migrate.lock.timeout is 0 s; it must be 1 ms or more.",
                "migrate.lock.attempts is 0; it must be 1 or more.",
                "migrate.lock.pause is -1 s; it must be 1 ms or more.",
                "migrate.runner.wait is ");
    }

    @Test
    @SuppressWarnings("NullAway")
    void whatAWorkerCannotUse() {
        refused(
                () -> new Draining(Duration.ZERO, null, 17),
                "worker.interval is 0 s; it must be 1 ms or more.",
                "worker.grace is missing; it must be 0 s or more.",
                "worker.lanes is 17; it must be from 1 to 16.");
        refused(
                () -> new Running(1, Duration.ofMillis(99), NEGATIVE, Optional.empty()),
                "worker.threads is 1; it must be from 2 to 64.",
                "worker.heartbeat is 99 ms; it must be 100 ms or more.",
                "worker.stop.within is -1 s; it must be 0 s or more.");
        refused(
                () -> new Keeping(Duration.ZERO, 0),
                "worker.keep.age is 0 s; it must be 1 ms or more.",
                "worker.keep.count is 0; it must be 1 or more.");
        refused(
                () -> new Sweep.Settings(-1, NEGATIVE),
                "worker.sweep.rows.per.second is -1; it must be 0 or more.",
                "worker.sweep.interval is -1 s; it must be 0 s or more.");
    }

    @Test
    void whatABackfillCannotUse() {
        refused(
                () -> new Backfill.Settings(0, -1),
                "batchRows is 0; it must be 1 or more.",
                "rowsPerSecond is -1; it must be 0 or more.");
    }

    @Test
    void aUrlIsNotShown() {
        assertThatThrownBy(() -> new DatabaseSettings("jdbc:secret", "me", Optional.empty()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("secret");
    }

    private static void refused(ThrowingCallable settings, String... problems) {
        assertThatThrownBy(settings).isInstanceOf(InvalidInputException.class).hasMessageContainingAll(problems);
    }
}
