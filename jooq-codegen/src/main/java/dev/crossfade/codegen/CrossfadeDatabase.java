package dev.crossfade.codegen;

import dev.crossfade.codegen.GenerationSettings.Topology;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.meta.SchemaDefinition;
import org.jooq.meta.postgres.PostgresDatabase;
import org.jooq.tools.JooqLogger;
import org.jooq.tools.jdbc.JDBCUtils;
import org.jooq.tools.jdbc.SingleConnectionDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives jOOQ's code generator the tables of a service during its migration, without a running database. It starts an
 * embedded PostgreSQL, runs the service's own scripts (property {@code scripts}) and its expand migrations (property
 * {@code migrations}) there, and reads the result. The server starts when it is first needed and stops with the
 * generator.
 *
 * <p>If the generator's configuration has a {@code <jdbc>} element, that database is read instead, as it is: nothing
 * is run there.
 *
 * <p>Unless schemas are chosen, all but the system's and Crossfade's own are generated. With two databases the
 * property {@code side} says which one jOOQ reads.
 */
public class CrossfadeDatabase extends PostgresDatabase {

    private static final JooqLogger LOG = JooqLogger.getLogger(CrossfadeDatabase.class);
    private static final Set<String> NOBODYS = Set.of("information_schema", "crossfade");

    private final ScratchConnection scratch = new ScratchConnection();
    private @Nullable GenerationSettings settings;
    private @Nullable ScratchServer server;
    private @Nullable Connection opened;

    /** Returns the properties, read at the first call. */
    final GenerationSettings settings() {
        GenerationSettings known = settings;
        if (known == null) {
            known = GenerationSettings.read(getProperties(), Path.of(getBasedir()));
            settings = known;
        }
        return known;
    }

    /** Tells whether the tables come from files alone, so that the same files give the same tables. */
    final boolean isMadeFromFiles() {
        return getConnection() == null || opened != null;
    }

    /** Returns the databases of both sides. */
    final Databases databases() {
        if (isMadeFromFiles()) {
            return server().databases();
        }
        if (settings().topology() == Topology.TWO_DATABASES) {
            throw new InvalidInputException(
                    "The generator looks at the one database of <jdbc>, so topology=two-databases is not possible. Leave one of them out.");
        }
        return Databases.shared(new SingleConnectionDataSource(getConnection()));
    }

    @Override
    protected DSLContext create0() {
        return getConnection() == null ? DSL.using(scratch, SQLDialect.POSTGRES) : super.create0();
    }

    /**
     * Returns the schemas. Without configured ones jOOQ's answer contains all, of which only the service's are kept.
     */
    @Override
    protected List<SchemaDefinition> getSchemata0() throws SQLException {
        boolean chosen = !getInputSchemata().isEmpty();
        List<SchemaDefinition> schemata = new ArrayList<>(super.getSchemata0());
        schemata.removeIf(schema -> !chosen && !isSomebodys(schema.getName()));
        return schemata;
    }

    /** Stops the embedded server. */
    @Override
    public void close() {
        super.close();
        JDBCUtils.safeClose(opened);
        if (server != null) {
            try {
                server.close();
            } catch (IOException e) {
                LOG.warn("The embedded PostgreSQL could not be stopped", e);
            }
        }
    }

    private static boolean isSomebodys(String schema) {
        return !schema.startsWith("pg_") && !NOBODYS.contains(schema);
    }

    private ScratchServer server() {
        ScratchServer running = server;
        if (running == null) {
            LOG.info("Preparing an embedded PostgreSQL");
            running = ScratchServer.start(settings());
            server = running;
        }
        return running;
    }

    /**
     * Starts the server at jOOQ's first query. From then on it is the connection of a configured database, which jOOQ
     * also asks for its metadata.
     */
    private final class ScratchConnection implements ConnectionProvider {

        @Override
        public Connection acquire() {
            Connection connection = opened;
            if (connection == null) {
                connection = open();
                opened = connection;
                setConnection(connection);
            }
            return connection;
        }

        @Override
        public void release(Connection connection) {}

        private Connection open() {
            GenerationSettings chosen = settings();
            Side side = chosen.topology() == Topology.ONE_DATABASE ? Side.LEGACY : chosen.side();
            try {
                return server().databases().of(side).getConnection();
            } catch (SQLException e) {
                throw ControlSchema.explain(e);
            }
        }
    }
}
