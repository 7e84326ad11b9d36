package dev.crossfade.benchmarks.harness;

import java.util.ArrayDeque;
import java.util.Deque;

/** The resources of a suite, closed in reverse order. For one thread. */
public final class Resources implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Registers a resource to be closed at the end, and returns it. */
    public <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    /**
     * Closes everything, even after a failure.
     *
     * @throws IllegalStateException if something does not close; every reason is attached
     */
    @Override
    public void close() {
        IllegalStateException failure = new IllegalStateException("Not everything that the suite opened closes.");
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure.addSuppressed(e);
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}
