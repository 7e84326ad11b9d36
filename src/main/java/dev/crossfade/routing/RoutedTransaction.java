package dev.crossfade.routing;

import dev.crossfade.control.Databases;
import dev.crossfade.lossy.AlteredRecord;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.StatementException;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.PendingKeys.Unconfirmed;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.stages.StageSnapshot;
import dev.crossfade.transaction.Savepoints;
import dev.crossfade.transaction.TransactionConnection;
import dev.crossfade.write.EntityWriter;
import dev.crossfade.write.RequestedWrite;
import dev.crossfade.write.Written;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * A transaction as the routing layer sees it: where the statements of its repositories run.
 *
 * <p>Created by {@link Router#transaction} and {@link Router#readOnly}, which end it; by {@link Router#join}, where
 * the caller ends the jOOQ transaction; and by {@link Router#takePart} for a framework, which reports the end.
 */
final class RoutedTransaction implements Session, Transaction, Participation {

    private final EntityRouter router;
    private final StageSnapshot stages;
    private final TransactionConnection connection;
    private final Ending ending;
    private final Set<String> fenced = new HashSet<>();
    private final Map<String, List<Intent>> noted = new HashMap<>();
    private final Map<String, List<AlteredRecord>> altered = new HashMap<>();
    /** The entities that it reads or writes: with two databases their authority must be in the same one. */
    private final Set<String> used = new HashSet<>();
    /** The entities that it has written. */
    private final Set<String> written = new HashSet<>();
    /** The entities whose mirror it has written, and that mirror's side. */
    private final Map<String, Side> mirrored = new HashMap<>();

    private boolean withoutMirrors;
    /** Whether a read runs that may fail: the pool is not to see it, as it might close the connection. */
    private boolean guarding;

    private boolean closed;

    /** How this instance learns that the transaction's intents count. */
    enum Ending {
        /** Crossfade itself commits. */
        OWN,
        /** The framework calls {@link #committed()}. */
        TOLD,
        /** Nobody reports the end: the database is asked for the transaction's status. */
        ASKED
    }

    /** Takes over a pinned snapshot, which {@link #close} releases. */
    RoutedTransaction(EntityRouter router, StageSnapshot pinned, TransactionConnection connection, Ending ending) {
        this.router = router;
        this.stages = pinned;
        this.connection = connection;
        this.ending = ending;
        router.openTransactions().opened(this);
    }

    /** Returns the implementation behind the public interface. */
    static RoutedTransaction of(Transaction transaction) {
        return switch (transaction) {
            case RoutedTransaction routed -> routed;
        };
    }

    @Override
    public <T> T nested(Side side, Function<Transaction, T> work) {
        return dsl(side).transactionResult(inner -> work.apply(this));
    }

    @Override
    public DSLContext dsl(Side side) {
        if (reachesOnlyThroughRouter(side)) {
            return router.databases().dsl(side);
        }
        Connection open = connection.on(side);
        DSLContext dsl = Databases.dsl(guarding ? DriverConnection.of(open).direct() : open);
        dsl.configuration().set(new Savepoints(this::forgetLocks));
        return dsl;
    }

    @Override
    public EntityStage stage(String entity) {
        used.add(entity);
        return stages.of(entity);
    }

    @Override
    public Stage pinnedStage(String entity) {
        return stages.of(entity).stage();
    }

    @Override
    public int write(EntityWriter writer, String entity, RequestedWrite change) {
        try {
            return tryWrite(writer, entity, change);
        } catch (RuntimeException e) {
            throw router.translated(e);
        }
    }

    private int tryWrite(EntityWriter writer, String entity, RequestedWrite change) {
        used.add(entity);
        Stage stage = stages.of(entity).stage();
        Side authority = stage.authority();
        Connection open = connection.on(authority);
        this.written.add(entity);
        Written written = writer.writeWithin(
                open, stages, change, new EntityWriter.Surroundings(fenced.contains(entity), withoutMirrors));
        if (ending == Ending.OWN) {
            fenced.add(entity);
        }
        if (stage.mirrors() && written.intents().size() < written.records()) {
            mirrored.put(entity, authority.opposite());
        }
        if (!written.intents().isEmpty()) {
            noted.computeIfAbsent(entity, name -> new ArrayList<>()).addAll(written.intents());
            if (ending == Ending.ASKED) {
                router.pending().notedBy(entity, new Unconfirmed(authority, transactionId(open), written.intents()));
            }
        }
        if (!written.altered().isEmpty()) {
            altered.computeIfAbsent(entity, name -> new ArrayList<>()).addAll(written.altered());
            if (ending == Ending.ASKED) {
                // Nobody reports the commit; lossy saves are taken now, because even a rolled-back one shows a loss.
                takeAltered();
            }
        }
        return written.records();
    }

    @Override
    public List<RecordKey> writeDirectly(Side side, DirectWrite write) {
        try {
            return write.run(connection.on(side));
        } catch (SQLException e) {
            throw new StatementException("Writing the " + side.label() + " side", e);
        }
    }

    @Override
    public boolean mayBeBehind(String entity) {
        return !noted.isEmpty() || !connection.isReadOnly() || router.mayBeBehind(entity);
    }

    @Override
    public <S, T> T guarded(Side side, S repository, Function<? super S, T> read) {
        if (reachesOnlyThroughRouter(side)) {
            return read.apply(repository);
        }
        boolean outer = guarding;
        guarding = true;
        try {
            return dsl(side).transactionResult(inner -> read.apply(repository));
        } finally {
            guarding = outer;
        }
    }

    /** With two databases, only the one in which a writing transaction runs shows its writes. */
    @Override
    public Side freshSide(String entity, Side wanted, Side authority) {
        return isBehind(entity, wanted) || router.pending().isAnyPending(entity) ? authority : wanted;
    }

    @Override
    public Side freshSide(String entity, RecordKey key, Side wanted, Side authority) {
        return isBehind(entity, wanted) || router.pending().isPending(entity, key) ? authority : wanted;
    }

    @Override
    public void committed() {
        noted.forEach(router.pending()::noted);
        noted.clear();
        takeAltered();
    }

    /** From now on intents take the place of mirrors. */
    void leaveMirrors() {
        withoutMirrors = true;
    }

    boolean hasMirrored() {
        return !mirrored.isEmpty();
    }

    /** What was mirrored could not be committed. */
    void mirrorsFailed(Throwable failure) {
        mirrored.forEach((entity, side) -> router.mirrorFailedAtCommit(entity, side, failure));
    }

    boolean hasWritten(String entity) {
        return !closed && written.contains(entity);
    }

    boolean isClosed() {
        return closed;
    }

    /** A part of the framework's transaction failed, so that the framework must not commit it. */
    void setRollbackOnly() {
        connection.setRollbackOnly();
    }

    private void takeAltered() {
        altered.forEach((entity, records) -> router.lossyWrites().take(router.mapping(entity), records));
        altered.clear();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            router.openTransactions().closed(this);
            stages.release();
            if (used.size() > 1 && !connection.isReadOnly()) {
                router.usedTogether(used);
            }
        }
    }

    private boolean isBehind(String entity, Side wanted) {
        return noted.containsKey(entity) || (!connection.reaches(wanted) && !connection.isReadOnly());
    }

    private boolean reachesOnlyThroughRouter(Side side) {
        return connection.isReadOnly() && !connection.reaches(side);
    }

    /** A rollback to a savepoint releases the locks that were taken after it. */
    private void forgetLocks() {
        fenced.clear();
    }

    private static String transactionId(Connection connection) {
        return Databases.dsl(connection)
                .fetchSingle("select cast(pg_current_xact_id() as text)")
                .get(0, String.class);
    }
}
