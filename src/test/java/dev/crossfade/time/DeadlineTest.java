package dev.crossfade.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From any start value: the ticker's numbers are arbitrary and overflow. */
class DeadlineTest {

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000})
    void isOverWhenTheTimeHasPassedAndNotBefore(long start) {
        ManualTicker ticker = new ManualTicker(start);
        Deadline deadline = Deadline.after(Duration.ofMillis(200), ticker);

        assertThat(deadline.isOver()).isFalse();
        ticker.pass(Duration.ofMillis(150));
        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.left()).isEqualTo(Duration.ofMillis(50));

        ticker.pass(Duration.ofMillis(50));
        assertThat(deadline.isOver()).isTrue();
        assertThat(deadline.left()).isZero();

        ticker.pass(Duration.ofMinutes(1));
        assertThat(deadline.isOver()).isTrue();
        assertThat(deadline.left()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, Long.MAX_VALUE})
    void isOverAtOnceWithoutAnyPatience(long start) {
        assertThat(Deadline.after(Duration.ZERO, new ManualTicker(start)).isOver())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000})
    void aPatienceOfForeverIsNotOver(long start) {
        ManualTicker ticker = new ManualTicker(start);
        Deadline deadline = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE), ticker);

        ticker.pass(Duration.ofDays(365));
        assertThat(deadline.isOver()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000})
    void aPaceIsDueAtFirstAndAgainAfterItsTime(long start) {
        ManualTicker ticker = new ManualTicker(start);
        Pace pace = new Pace(Duration.ofSeconds(10), ticker);
        assertThat(pace.isDue()).isTrue();
        assertThat(pace.wasDoneWithin(Duration.ofDays(1))).isFalse();

        pace.done();
        assertThat(pace.isDue()).isFalse();
        ticker.pass(Duration.ofSeconds(9));
        assertThat(pace.isDue()).isFalse();
        assertThat(pace.wasDoneWithin(Duration.ofSeconds(5))).isFalse();
        assertThat(pace.wasDoneWithin(Duration.ofSeconds(60))).isTrue();

        ticker.pass(Duration.ofSeconds(1));
        assertThat(pace.isDue()).isTrue();
    }
}
