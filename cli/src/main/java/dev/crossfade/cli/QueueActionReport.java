package dev.crossfade.cli;

/**
 * What was done to missed writes.
 *
 * @param keys how many it was done to
 */
record QueueActionReport(String action, int keys) implements Report {

    static final String DISCARD_INTENTS = "discard-intents";

    @Override
    public void print(Page page) {
        page.line(
                switch (action) {
                    case "retry" -> "%s missed writes are due now.";
                    case DISCARD_INTENTS -> "%s intents are dropped.";
                    case "park" -> "%s missed writes are parked now.";
                    default ->
                        "%s missed writes are discarded. `crossfade verify` finds those whose sides still differ.";
                },
                Wording.count(keys));
    }
}
