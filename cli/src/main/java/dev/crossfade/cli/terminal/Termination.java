package dev.crossfade.cli.terminal;

import java.time.Duration;

/** How a long-running command learns that it is to end: SIGTERM or Ctrl-C in a process. */
public interface Termination {

    /** Calls {@code stop} when the end is asked for, on another thread, until the registration is closed. */
    Registration calling(Runnable stop);

    /**
     * Calls {@code stop} when the end is asked for, as the other method does.
     *
     * @param patience how long the command may take to end after that
     */
    default Registration calling(Runnable stop, Duration patience) {
        return calling(stop);
    }

    /** A command that wants to know. */
    interface Registration extends AutoCloseable {

        /** Tells whether the end was asked for. */
        boolean isRequested();

        /** Stops listening. */
        @Override
        void close();
    }
}
