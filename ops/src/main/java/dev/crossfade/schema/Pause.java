package dev.crossfade.schema;

import dev.crossfade.model.CrossfadeException;
import java.time.Duration;

/** Waiting that an interrupt ends. */
final class Pause {

    private Pause() {}

    static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The migration runner was interrupted while it waited. Run it again.", e);
        }
    }
}
