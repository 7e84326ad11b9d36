package dev.crossfade.queue;

/**
 * How much waits for a mirror.
 *
 * @param count how many intents
 * @param oldestSeconds age of the oldest by the clock of the database that it lies in, 0 where there is none
 */
public record Backlog(int count, double oldestSeconds) {

    /** Nothing waits. */
    public static final Backlog NONE = new Backlog(0, 0);

    /** Returns both together. */
    public Backlog and(Backlog other) {
        return new Backlog(count + other.count, Math.max(oldestSeconds, other.oldestSeconds));
    }
}
