package dev.crossfade.queue;

/**
 * How many intents wait for a mirror.
 *
 * @param count the number of intents
 * @param oldestSeconds age of the oldest intent, by the clock of its database; 0 if there is none
 */
public record Backlog(int count, double oldestSeconds) {

    /** Nothing waits. */
    public static final Backlog NONE = new Backlog(0, 0);

    /** Returns the sum of both. */
    public Backlog and(Backlog other) {
        return new Backlog(count + other.count, Math.max(oldestSeconds, other.oldestSeconds));
    }
}
