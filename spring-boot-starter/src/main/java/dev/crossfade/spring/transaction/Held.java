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
 * @param key the data source under which it is held
 * @param holder its holder
 */
record Held(DataSource key, ConnectionHolder holder) {

    /** Returns what is known of the transaction on this connection, null if its manager reported nothing. */
    @Nullable
    OpenTransaction transaction() {
        return OpenTransaction.on(holder);
    }

    /** Tells whether the driver was told that the transaction is read-only, so that the database refuses writes. */
    boolean isReadOnly() {
        try {
            return holder.getConnection().isReadOnly();
        } catch (SQLException e) {
            throw new StatementException("Looking at the connection of Spring's transaction", e);
        }
    }

    /** Tells whether the connection is in auto-commit, so that no transaction can be open whatever its manager says. */
    boolean commitsEachStatement() {
        try {
            return holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new StatementException("Looking at the connection of Spring's transaction", e);
        }
    }

    /** Returns the connection. If the transaction has a timeout, its statements time out with it. */
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
