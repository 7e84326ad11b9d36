package dev.crossfade.cli.schema;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.operate.Migrations;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.schema.file.MigrationDirectory;

/** The migrations in the configured folder, and the session in which they run. */
record MigrationSession(OperatorSession session, Migrations migrations) implements AutoCloseable {

    /** Reads the migrations first, because their errors are found without a database. */
    static MigrationSession open(Invocation invocation, Access access) {
        MigrationDirectory directory =
                MigrationDirectory.read(invocation.settings().migrations());
        OperatorSession session =
                access == Access.LOOK ? invocation.open("migrate") : invocation.openToChange("migrate");
        try {
            if (access != Access.LOOK) {
                session.requireOwnSessions("migrate");
            }
            return new MigrationSession(session, new Migrations(session, directory, new MigrationNarrator(invocation)));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
