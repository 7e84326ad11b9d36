package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.report.Wording;
import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationScript;
import java.time.Duration;
import java.util.List;

/** Reports the progress of a run of migrations on standard error. */
record MigrationNarrator(Invocation invocation) implements SchemaListener {

    @Override
    public void runnerAwaited(String holder) {
        invocation.say("Another runner is at work (%s); waiting for it.", holder);
    }

    @Override
    public void contractionHeldBack(Migration migration, List<Objection> objections) {
        invocation.say("%s, a contract migration, and what follows it are left for later:", migration);
        objections.forEach(one -> invocation.say("- entity %s: %s", one.entity(), one.reason()));
    }

    @Override
    public void objectionsOverruled(Migration migration, List<Objection> objections) {
        objections.forEach(one -> invocation.say(
                "Overruled for %s, entity %s at %s; this is recorded.", migration, one.entity(), one.state()));
    }

    @Override
    public void migrationStarted(Migration migration, MigrationScript script) {
        invocation.say("Running %s …", migration);
    }

    @Override
    public void lockRetried(Migration migration, int attempt, Duration pause) {
        invocation.say(
                "%s did not get its lock in time (attempt %s); trying again in %s.",
                migration, attempt, Wording.duration(pause));
    }

    @Override
    public void invalidIndexDropped(Migration migration, String index) {
        invocation.say("%s: dropped the invalid index %s that an interrupted run had left.", migration, index);
    }
}
