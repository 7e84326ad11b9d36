package dev.crossfade.cli.terminal;

import java.time.Duration;

/** How a long-running command learns that it has to end: by SIGTERM or Ctrl-C in a process. */
public interface Termination {

    /** Calls {@code stop} on another thread when the end is requested, until the registration is closed. */
    Registration calling(Runnable stop);

    /**
     * As {@link #calling(Runnable)}, with a time limit.
     *
     * @param patience how long the command may take to end after {@code stop}
     */
    default Registration calling(Runnable stop, Duration patience) {
        return calling(stop);
    }

    /** A command's registration. */
    interface Registration extends AutoCloseable {

        /** Tells whether the end was requested. */
        boolean isRequested();

        /** Stops listening. */
        @Override
        void close();
    }
}
