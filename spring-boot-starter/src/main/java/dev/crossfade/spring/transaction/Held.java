package dev.crossfade.spring.transaction;

import dev.crossfade.model.StatementException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * The connection that Spring holds for a transaction.
 *
 * @param key the data source that it is held under
 * @param holder what holds it
 */
record Held(DataSource key, ConnectionHolder holder) {

    /** Returns what is known of the transaction on this connection, null if its manager told nothing of it. */
    @Nullable
    OpenTransaction transaction() {
        return OpenTransaction.on(holder);
    }

    /** Tells whether its transaction was told to the driver as one for reading, so that the database refuses writes. */
    boolean isReadOnly() {
        try {
            return holder.getConnection().isReadOnly();
        } catch (SQLException e) {
            throw new StatementException("Looking at the connection of Spring's transaction", e);
        }
    }

    /**
     * Tells whether statements are committed one by one, so that no transaction can be open whatever its manager says.
     */
    boolean commitsEachStatement() {
        try {
            return holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new StatementException("Looking at the connection of Spring's transaction", e);
        }
    }

    /** Returns the connection; when the transaction has a timeout, its statements end with it. */
    Connection connection() {
        try {
            return holder.hasTimeout()
                    ? new TransactionAwareDataSourceProxy(key).getConnection()
                    : holder.getConnection();
        } catch (SQLException e) {
            throw new StatementException("Taking the connection of Spring's transaction", e);
        }
    }
}
