package dev.crossfade.routing;

import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.Side;
import dev.crossfade.model.StageMovedException;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Where repositories find the transaction that the caller's framework has open, so that they take part in it without
 * being bound to it. Asked at every read and write, on the caller's thread: an implementation must be fast, and
 * thread-safe.
 */
@FunctionalInterface
public interface AmbientTransactions {

    /** There is no framework. */
    AmbientTransactions NONE = router -> null;

    /**
     * Returns the transaction that is open on this thread, null if there is none. Its first call within one of the
     * framework's transactions makes it with {@link Router#takePart}; the framework's end of it must run
     * {@link Participation#committed()} after a commit and {@link Participation#close()} after either end.
     */
    @Nullable
    Participation current(Router router);

    /**
     * Returns what a caller of a repository is to see of a failure: the framework's own exception where it has one for
     * it, with the failure as its cause, else the failure itself. {@link StageMovedException} and
     * {@link HeartbeatLostException} must stay what they are, as {@link Router#transaction} runs the work again after
     * them.
     */
    default RuntimeException translated(RuntimeException failure) {
        return failure;
    }

    /** The connections of a framework's transaction. */
    interface Connections {

        /** Returns the transaction's connection to the database of a side, null if it has none there. */
        @Nullable
        Connection on(Side side);

        /** Tells whether the transaction was begun for reading alone. */
        boolean isReadOnly();

        /**
         * Makes the framework roll the transaction back at its end, and tell whoever meant to commit it: a part of it
         * failed.
         */
        default void setRollbackOnly() {}
    }
}
