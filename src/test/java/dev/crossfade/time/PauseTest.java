package dev.crossfade.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PauseTest {

    private static final Duration LONG = Duration.ofHours(1);

    private final ManualTicker ticker = new ManualTicker(0);

    @AfterEach
    void nobodyElseIsInterrupted() {
        Thread.interrupted();
    }

    @Test
    void waitsForTheWholeTime() {
        Pause.of(LONG, IllegalStateException::new, ticker);
        assertThat(Pause.unlessInterrupted(LONG, ticker)).isTrue();

        assertThat(ticker.waited()).containsExactly(LONG, LONG);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptionThrowsWhatTheCallerSaysAndStaysNoted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Pause.of(LONG, e -> new IllegalStateException("interrupted", e), ticker))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(ticker.waited()).isEmpty();
    }

    @Test
    void anInterruptionIsToldAndStaysNoted() {
        Thread.currentThread().interrupt();

        assertThat(Pause.unlessInterrupted(LONG, ticker)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void whatIsNotPositiveIsNotWaitedFor() {
        assertThat(Pause.unlessInterrupted(Duration.ZERO)).isTrue();
        assertThat(Pause.unlessInterrupted(Duration.ofSeconds(Long.MIN_VALUE))).isTrue();
    }

    @Test
    void theProcessesOwnTimeIsInterruptedToo() {
        Thread.currentThread().interrupt();

        assertThat(Pause.unlessInterrupted(LONG)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
