package dev.crossfade.mapping;

/**
 * How many bytes of rows are in memory for one batch. A row is there several times on its way, as what was read, as
 * text and as what is sent, and several batches are under way at once.
 */
public final class ByteLimit {

    private static final long LEAST = 1 << 20;
    private static final long MOST = 32 << 20;
    private static final int PART_OF_THE_HEAP = 64;

    private ByteLimit() {}

    /** Returns the limit of a process whose heap is as large as this one's. */
    public static long ofBatch() {
        return Math.clamp(Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP, LEAST, MOST);
    }
}
