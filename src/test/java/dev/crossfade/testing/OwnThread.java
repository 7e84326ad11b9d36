package dev.crossfade.testing;

import java.util.concurrent.Executor;

/**
 * Runs a test's task in a thread of its own, at once. The JVM's common pool has as few threads as the machine has
 * processors: a task that waits there blocks the tasks of tests that run at the same time.
 */
public final class OwnThread {

    /** Starts a daemon thread for each task. */
    public static final Executor EACH = task -> Thread.ofPlatform().daemon().start(task);

    private OwnThread() {}
}
