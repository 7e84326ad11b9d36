package dev.crossfade.operate;

import dev.crossfade.operate.report.MigrationRunReport;
import dev.crossfade.operate.report.MigrationStatusReport;
import dev.crossfade.schema.DestructionGate.Overruling;
import dev.crossfade.schema.MigrationStatus.State;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.StageGate;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationVersion;
import java.util.List;
import java.util.Optional;

/** Runs the migrations of a folder on the operator's databases. Not thread-safe. */
public final class Migrations {

    private final MigrationDirectory directory;
    private final SchemaRunner runner;

    /**
     * Creates it for a session.
     *
     * @param directory the folder's contents; its errors are found without a database
     * @param listener hears about the progress of a run
     */
    public Migrations(OperatorSession session, MigrationDirectory directory, SchemaListener listener) {
        this.directory = directory;
        this.runner = new SchemaRunner(
                session.databases(),
                directory,
                new StageGate(session.databases()),
                session.settings().migrating(),
                listener);
    }

    /** Returns the state of every migration. */
    public MigrationStatusReport status() {
        return MigrationStatusReport.of(runner.status());
    }

    /** Returns the migrations that have not completed. */
    List<Migration> pending() {
        return runner.status().stream()
                .filter(status -> status.state() == State.PENDING || status.state() == State.RUNNING)
                .map(status -> directory.find(status.version()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Applies pending migrations, up to a version if one is given. */
    public MigrationRunReport up(Optional<MigrationVersion> to) {
        return MigrationRunReport.applied(to.map(runner::up).orElseGet(runner::up));
    }

    /** Reverts the last ones. */
    public MigrationRunReport down(int steps, Optional<Overruling> overruling) {
        return MigrationRunReport.reverted(runner.down(steps, overruling));
    }

    /** Reverts everything above a version. */
    public MigrationRunReport downTo(MigrationVersion version, Optional<Overruling> overruling) {
        return MigrationRunReport.reverted(runner.downTo(version, overruling));
    }
}
