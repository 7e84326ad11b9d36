package dev.crossfade.operate.report;

/**
 * What was done to missed writes.
 *
 * @param keys how many it was done to
 */
public record QueueActionReport(String action, int keys) {

    public static final String DISCARD_INTENTS = "discard-intents";
}
