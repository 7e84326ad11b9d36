package dev.crossfade.operate.report;

/**
 * An action on missed writes.
 *
 * @param keys how many missed writes it affected
 */
public record QueueActionReport(String action, int keys) {

    public static final String DISCARD_INTENTS = "discard-intents";
}
