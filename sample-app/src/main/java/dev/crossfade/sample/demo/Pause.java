package dev.crossfade.sample.demo;

import dev.crossfade.model.CrossfadeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits. */
final class Pause {

    private Pause() {}

    /** Waits for a while. */
    static void of(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrossfadeException("The demo was interrupted.", e);
        }
    }
}
