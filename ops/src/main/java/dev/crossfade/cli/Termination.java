package dev.crossfade.cli;

/** How a long-running command learns that it is to end: SIGTERM or Ctrl-C in a process. */
interface Termination {

    /** Calls {@code stop} when the end is asked for, on another thread, until the registration is closed. */
    Registration calling(Runnable stop);

    /** A command that wants to know. */
    interface Registration extends AutoCloseable {

        /** Tells whether the end was asked for. */
        boolean isRequested();

        /** Stops listening. */
        @Override
        void close();
    }
}
