package dev.crossfade.sample.demo;

import dev.crossfade.sample.storage.EmbeddedServer;
import java.time.Duration;

/** Kills the modern server and restarts it on the same port and data. */
record ServerOutage(EmbeddedServer modern) implements Outage {

    private static final Duration DOWN = Duration.ofSeconds(4);

    @Override
    public void strike() {
        modern.kill();
        Pause.of(DOWN);
        modern.restart();
    }

    @Override
    public String description() {
        return "the modern server is killed for %d s".formatted(DOWN.toSeconds());
    }
}
