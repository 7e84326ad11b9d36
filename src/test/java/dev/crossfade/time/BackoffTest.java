package dev.crossfade.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Test
    void pausesDoubleUpToTheLongest() {
        Backoff backoff = new Backoff(FIRST, LONGEST, () -> 0.5);

        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pauses.add(backoff.failed().toMillis());
        }
        assertThat(pauses).containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L);
    }

    @Test
    void pausesAreSpreadByAFifthAndNeverAboveTheLongest() {
        Backoff early = new Backoff(FIRST, LONGEST, () -> 0);
        Backoff late = new Backoff(FIRST, LONGEST, () -> 1);

        assertThat(early.failed()).isEqualTo(Duration.ofMillis(400));
        assertThat(late.failed()).isEqualTo(Duration.ofMillis(600));
        for (int i = 0; i < 1000; i++) {
            early.failed();
            late.failed();
        }
        assertThat(early.failed()).isEqualTo(Duration.ofSeconds(24));
        assertThat(late.failed()).isEqualTo(LONGEST);
    }

    @Test
    void thoseWhoFailTogetherComeBackApart() {
        Backoff backoff = new Backoff(FIRST, LONGEST);
        for (int i = 0; i < 100; i++) {
            backoff.failed();
        }
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pauses.add(backoff.failed());
        }
        assertThat(pauses)
                .allMatch(pause -> pause.compareTo(Duration.ofSeconds(24)) >= 0 && pause.compareTo(LONGEST) <= 0);
        assertThat(pauses.stream().distinct()).hasSizeGreaterThan(2);
    }

    @Test
    void aSuccessBeginsAnew() {
        Backoff backoff = new Backoff(FIRST, LONGEST, () -> 0.5);
        assertThat(backoff.succeeded()).isFalse();

        backoff.failed();
        assertThat(backoff.hasJustBegun()).isTrue();
        backoff.failed();
        assertThat(backoff.hasJustBegun()).isFalse();

        assertThat(backoff.succeeded()).isTrue();
        assertThat(backoff.succeeded()).isFalse();
        assertThat(backoff.failed()).isEqualTo(FIRST);
    }
}
