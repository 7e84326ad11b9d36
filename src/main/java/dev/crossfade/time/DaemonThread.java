package dev.crossfade.time;

import java.util.concurrent.ThreadFactory;

/** Creates Crossfade's threads: each has a name and does not keep the process alive. */
public final class DaemonThread {

    private DaemonThread() {}

    /** Creates a thread that is not started. */
    public static Thread named(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Creates threads of one name. */
    public static ThreadFactory factory(String name) {
        return work -> named(name, work);
    }

    /** Creates threads whose names are a prefix and a number, from 1 on. */
    public static ThreadFactory numbered(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix, 1).factory();
    }
}
