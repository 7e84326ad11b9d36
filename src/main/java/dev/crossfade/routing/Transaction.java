package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.EntityStage;
import dev.crossfade.flags.StageSnapshot;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.StatementException;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A transaction over several repositories; made by {@link Router#transaction}. The stages are those of its start until
 * its end. It runs in one database: that of the authoritative side of what it writes. Not thread-safe.
 */
public final class Transaction implements Session {

    private final Databases databases;
    private final PendingKeys pending;
    private final StageSnapshot stages;
    private final Set<String> fenced = new HashSet<>();
    private final Map<String, List<Intent>> noted = new HashMap<>();
    private @Nullable DataSource database;
    private @Nullable Connection connection;
    private final boolean foreign;

    /** A transaction of our own; its connection is taken when it is first needed. */
    Transaction(Router router, StageSnapshot stages) {
        this.databases = router.databases();
        this.pending = router.pending();
        this.stages = stages;
        this.foreign = false;
    }

    /** A transaction that someone else began and ends, in a database of {@code side}. */
    Transaction(Router router, StageSnapshot stages, Side side, Connection connection) {
        this.databases = router.databases();
        this.pending = router.pending();
        this.stages = stages;
        this.database = databases.of(side);
        this.connection = connection;
        this.foreign = true;
    }

    @Override
    public DSLContext dsl(Side side) {
        return Databases.dsl(connection(side));
    }

    @Override
    public EntityStage stage(String entity) {
        return stages.of(entity);
    }

    @Override
    public List<RecordKey> write(EntityWriter writer, String entity, Change change) {
        EntityStage stage = stages.of(entity);
        Connection open = connection(stage.stage().authority());
        EntityWriter.Written written = writer.writeWithin(open, stage, change, fenced.contains(entity));
        fenced.add(entity);
        if (!written.intents().isEmpty()) {
            if (foreign) {
                pending.notedBy(
                        entity,
                        new PendingKeys.Unconfirmed(stage.stage().authority(), transactionId(open), written.intents()));
            } else {
                noted.computeIfAbsent(entity, name -> new ArrayList<>()).addAll(written.intents());
            }
        }
        return written.keys();
    }

    @Override
    public List<RecordKey> writeDirectly(Side side, DirectWrite write) {
        try {
            return write.run(connection(side));
        } catch (SQLException e) {
            throw new StatementException("Writing the " + side.label() + " side", e);
        }
    }

    /** Between two databases, only the one that this transaction runs in shows what it wrote. */
    @Override
    public Side freshSide(String entity, Side wanted, Side authority) {
        return !databases.areShared() || noted.containsKey(entity) || pending.isAnyPending(entity) ? authority : wanted;
    }

    @Override
    public Side freshSide(String entity, RecordKey key, Side wanted, Side authority) {
        return !databases.areShared() || noted.containsKey(entity) || pending.isPending(entity, key)
                ? authority
                : wanted;
    }

    void commit() {
        if (connection == null) {
            return;
        }
        try {
            connection.commit();
            noted.forEach(pending::noted);
        } catch (SQLException e) {
            throw new StatementException("Committing the transaction", e);
        }
    }

    void rollback(Throwable reason) {
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    /** Gives the connection back; a broken one is dropped by its pool. */
    void close() {
        Connection open = connection;
        connection = null;
        if (open == null || foreign) {
            return;
        }
        try (open) {
            open.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is broken, which the commit or the rollback has reported already.
            return;
        }
    }

    private Connection connection(Side side) {
        DataSource wanted = databases.of(side);
        if (database != null && !database.equals(wanted)) {
            throw new RefusedException(
                    "This transaction runs in the %s database and cannot write the %s side too. Entities that share transactions must move their authority together: `crossfade stage A B --to …`."
                            .formatted(side.opposite().label(), side.label()));
        }
        if (connection != null) {
            return connection;
        }
        try {
            Connection opened = wanted.getConnection();
            database = wanted;
            connection = opened;
            opened.setAutoCommit(false);
            return opened;
        } catch (SQLException e) {
            throw new UnavailableException(
                    "No connection to the %s side for a transaction: %s Check the server and the pool's size."
                            .formatted(side.label(), e.getMessage()),
                    e);
        }
    }

    private static String transactionId(Connection connection) {
        return Databases.dsl(connection)
                .fetchSingle("select cast(pg_current_xact_id() as text)")
                .get(0, String.class);
    }
}
