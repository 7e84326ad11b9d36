package dev.crossfade.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

    private final BatchSize size = new BatchSize(1000);

    @Test
    void aBatchThatRunsIntoALimitIsMadeSmallerDownToOneRow() {
        size.shrink();
        assertThat(size.rows()).isEqualTo(125);
        size.shrink();
        size.shrink();
        assertThat(size.rows()).isOne();
        size.shrink();
        assertThat(size.rows()).isOne();
    }

    @Test
    void itGrowsAgainUpToTheLargest() {
        size.shrink();
        for (int i = 0; i < 10; i++) {
            size.wentThrough(Duration.ofMillis(5));
        }
        assertThat(size.rows()).isEqualTo(1000);
    }

    @Test
    void oneRowMayTakeAsLongAsItDoesAndMoreMayNot() {
        assertThat(size.limits().statement()).isEqualTo(Duration.ofSeconds(1));
        shrinkToOneRow();
        assertThat(size.limits().statement()).isZero();
    }

    @Test
    void whereOneRowTakesLongBatchesMayTakeAFewTimesAsLong() {
        shrinkToOneRow();
        size.wentThrough(Duration.ofSeconds(2));
        assertThat(size.rows()).isEqualTo(2);
        assertThat(size.limits().statement()).isEqualTo(Duration.ofSeconds(6));

        shrinkToOneRow();
        size.wentThrough(Duration.ofMillis(10));
        assertThat(size.limits().statement()).isEqualTo(Duration.ofSeconds(1));
    }

    private void shrinkToOneRow() {
        while (!size.isOneRow()) {
            size.shrink();
        }
    }
}
