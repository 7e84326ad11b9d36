package dev.crossfade.routing;

import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.Side;
import dev.crossfade.model.StageMovedException;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Finds the open transaction of the caller's framework, so that repositories take part in it without being bound to
 * it. Called at every read and write, on the caller's thread: an implementation must be fast and thread-safe.
 */
@FunctionalInterface
public interface AmbientTransactions {

    /** There is no framework. */
    AmbientTransactions NONE = router -> null;

    /**
     * Returns the transaction that is open on this thread, null if there is none. The first call within one of the
     * framework's transactions creates the participation with {@link Router#takePart}; when the framework ends the
     * transaction, it must run {@link Participation#committed()} after a commit and {@link Participation#close()}
     * after either end.
     */
    @Nullable
    Participation current(Router router);

    /**
     * Translates a failure for a caller of a repository: into the framework's own exception for it, with the failure
     * as its cause, or the failure itself if there is none. {@link StageMovedException} and {@link
     * HeartbeatLostException} must stay as they are, because {@link Router#transaction} retries after them.
     */
    default RuntimeException translated(RuntimeException failure) {
        return failure;
    }

    /** The connections of a framework's transaction. */
    interface Connections {

        /** Returns the transaction's connection to the database of a side, null if it has none there. */
        @Nullable
        Connection on(Side side);

        /** Tells whether the transaction is read-only. */
        boolean isReadOnly();

        /**
         * Makes the framework roll the transaction back at its end, and report that to whoever tries to commit it: a
         * part of it failed.
         */
        default void setRollbackOnly() {}
    }
}
