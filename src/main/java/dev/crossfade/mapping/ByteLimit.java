package dev.crossfade.mapping;

/**
 * The limit on bytes of rows in memory for one batch. A row is in memory several times, as read, as text and as sent,
 * and several batches are in flight at once.
 */
public final class ByteLimit {

    private static final long LEAST = 1 << 20;
    private static final long MOST = 32 << 20;
    private static final int PART_OF_THE_HEAP = 64;

    private ByteLimit() {}

    /** Returns the limit for this process's heap size. */
    public static long ofBatch() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP, LEAST, MOST);
    }
}
