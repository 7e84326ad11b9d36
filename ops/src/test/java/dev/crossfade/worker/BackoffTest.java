package dev.crossfade.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff();

    @Test
    void pausesGrowAndAreCapped() {
        assertThat(backoff.failed()).isBetween(Duration.ofMillis(400), Duration.ofMillis(600));
        assertThat(backoff.hasJustBegun()).isTrue();
        assertThat(backoff.failed()).isBetween(Duration.ofMillis(800), Duration.ofMillis(1200));
        assertThat(backoff.hasJustBegun()).isFalse();
        for (int i = 0; i < 100; i++) {
            backoff.failed();
        }
        assertThat(backoff.failed()).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(36));
    }

    @Test
    void aSuccessBeginsAnew() {
        assertThat(backoff.succeeded()).isFalse();
        backoff.failed();
        assertThat(backoff.succeeded()).isTrue();
        assertThat(backoff.succeeded()).isFalse();
        assertThat(backoff.failed()).isLessThan(Duration.ofSeconds(1));
    }
}
