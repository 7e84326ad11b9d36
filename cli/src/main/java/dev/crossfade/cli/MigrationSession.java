package dev.crossfade.cli;

import dev.crossfade.cli.OperatorSession.Access;
import dev.crossfade.schema.DestructionGate.Objection;
import dev.crossfade.schema.Migration;
import dev.crossfade.schema.MigrationDirectory;
import dev.crossfade.schema.MigrationScript;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.StageGate;
import java.time.Duration;
import java.util.List;

/** A migration runner on the operator's databases, which says on standard error how it gets on. */
record MigrationSession(OperatorSession session, SchemaRunner runner) implements AutoCloseable {

    /** Reads the migrations first: what is wrong with them needs no database. */
    static MigrationSession open(Invocation invocation, Access access) {
        MigrationDirectory directory =
                MigrationDirectory.read(invocation.settings().migrations());
        OperatorSession session =
                access == Access.LOOK ? invocation.open("migrate") : invocation.openToChange("migrate");
        try {
            if (access != Access.LOOK) {
                session.requireOwnSessions("migrate");
            }
            return new MigrationSession(
                    session,
                    new SchemaRunner(
                            session.databases(),
                            directory,
                            new StageGate(session.databases()),
                            invocation.settings().migrating(),
                            new Narrator(invocation)));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private record Narrator(Invocation invocation) implements SchemaListener {

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
}
