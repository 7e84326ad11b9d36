package dev.crossfade.cli;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.model.Stage;
import dev.crossfade.schema.ContractGate;
import dev.crossfade.schema.Migration;
import dev.crossfade.schema.MigrationDirectory;
import dev.crossfade.schema.MigrationScript;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import java.time.Duration;
import java.util.Optional;
import org.jooq.DSLContext;

/** A migration runner on the operator's databases, which says on standard error how it gets on. */
record MigrationSession(OperatorSession session, SchemaRunner runner) implements AutoCloseable {

    /** Reads the migrations first: what is wrong with them needs no database. */
    static MigrationSession open(Invocation invocation) {
        MigrationDirectory directory =
                MigrationDirectory.read(invocation.settings().migrations());
        OperatorSession session = invocation.open("migrate");
        try {
            return new MigrationSession(
                    session,
                    new SchemaRunner(
                            session.databases(),
                            directory,
                            new AtModernOnly(session.control()),
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

    /** Legacy structures go only when nothing reads or writes them any more. */
    private record AtModernOnly(DSLContext control) implements ContractGate {

        @Override
        public Optional<String> closed(String entity) {
            Optional<Standing> standing = AuthorityTable.find(control, entity);
            if (standing.isEmpty()) {
                return Optional.of("no entity of that name is known. Check the name in the migration file.");
            }
            Stage stage = standing.get().stage();
            return stage == Stage.MODERN_ONLY
                    ? Optional.empty()
                    : Optional.of("it stands at %s, and %s is required. Move it with `crossfade stage %s --to %s`."
                            .formatted(
                                    stage.label(),
                                    Stage.MODERN_ONLY.label(),
                                    entity,
                                    stage.next().orElse(Stage.MODERN_ONLY).label()));
        }
    }

    private record Narrator(Invocation invocation) implements SchemaListener {

        @Override
        public void runnerAwaited(String holder) {
            invocation.say("Another runner is at work (%s); waiting for it.", holder);
        }

        @Override
        public void migrationStarted(Migration migration, MigrationScript script) {
            invocation.say("Running %s …", migration);
        }

        @Override
        public void lockRetried(Migration migration, int attempt, Duration pause) {
            invocation.say(
                    "%s did not get its lock in time (attempt %d); trying again in %s.",
                    migration, attempt, Wording.duration(pause));
        }

        @Override
        public void invalidIndexDropped(Migration migration, String index) {
            invocation.say("%s: dropped the invalid index %s that an interrupted run had left.", migration, index);
        }
    }
}
