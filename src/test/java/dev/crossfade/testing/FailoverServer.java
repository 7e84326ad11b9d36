package dev.crossfade.testing;

import dev.crossfade.control.Databases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import org.jooq.Record;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;

/**
 * A server that fails over: clients reach it through a relay port, which leads to its asynchronous standby once that
 * is promoted. Commits that the standby has not received by then are lost. Not safe for use by several threads.
 */
public final class FailoverServer implements AutoCloseable {

    private final StoppableServer primary;
    private final Relay relay;
    private @Nullable Standby standby;

    private FailoverServer(StoppableServer primary) {
        this.primary = primary;
        this.relay = Relay.to(primary.port());
    }

    /** Starts a server on which a commit that was answered survives a crash. */
    public static FailoverServer create() {
        return new FailoverServer(StoppableServer.createDurable());
    }

    /** Creates an empty database, whose pools follow a promotion. */
    public TestDatabase createDatabase() {
        return new TestServer(
                        "jdbc:postgresql://localhost:%d/postgres?connectTimeout=5".formatted(relay.port()),
                        "postgres",
                        "postgres")
                .createDatabase();
    }

    /** Returns the server that clients reach before a promotion. */
    public StoppableServer primary() {
        return primary;
    }

    /** Starts a standby of the server as it is. */
    public void startStandby() {
        standby = Standby.of(primary, "failover");
    }

    /** Waits until the standby has everything committed so far, and withholds all later commits from it. */
    public void loseWhatComes() {
        standby().catchUp(primary);
        standby().stopReceiving();
    }

    /** Stops the server and promotes its standby, which clients do not reach yet. */
    public void promote() {
        relay.cut();
        standby().promote();
    }

    /** Queries a database of the promoted standby, bypassing the port of the clients. */
    public Result<Record> askPromoted(TestDatabase database, String sql) {
        TestServer server =
                new TestServer("jdbc:postgresql://localhost:" + standby().port() + "/postgres", "postgres", "postgres");
        try (Connection connection =
                DriverManager.getConnection(server.url(database.name()), server.user(), server.password())) {
            return Databases.dsl(connection).fetch(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The promoted standby does not answer: " + e.getMessage(), e);
        }
    }

    /** Lets clients reach the promoted standby. */
    public void follow() {
        relay.leadTo(standby().port());
    }

    /** Lets clients reach the first server again, as if nothing had happened, and removes the standby. */
    public void reset() {
        relay.leadTo(primary.port());
        if (standby != null) {
            standby.close();
            standby = null;
        }
    }

    @Override
    public void close() {
        reset();
        relay.close();
        primary.close();
    }

    private Standby standby() {
        return Objects.requireNonNull(standby, "there is no standby");
    }
}
