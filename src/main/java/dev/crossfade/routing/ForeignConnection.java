package dev.crossfade.routing;

import dev.crossfade.model.Side;
import dev.crossfade.transaction.OwnConnection;
import dev.crossfade.transaction.TransactionConnection;
import java.sql.Connection;

/** A transaction that someone else began and ends. */
record ForeignConnection(AmbientTransactions.Connections connections) implements TransactionConnection {

    @Override
    public Connection on(Side side) {
        Connection connection = connections.on(side);
        if (connection == null) {
            throw OwnConnection.elsewhere(side);
        }
        return connection;
    }

    @Override
    public boolean reaches(Side side) {
        return connections.on(side) != null;
    }

    @Override
    public void setRollbackOnly() {
        connections.setRollbackOnly();
    }

    @Override
    public boolean isReadOnly() {
        return connections.isReadOnly();
    }
}
