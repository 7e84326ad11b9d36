package dev.crossfade.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private static final Pace PACE = new Pace(1, 3, Duration.ofMillis(2));

    private final List<String> progress = new ArrayList<>();
    private final Rounds rounds = new Rounds(new Context(PACE, progress::add));

    @Test
    void variantsTakeTurnsAndWarmUpRoundsAreDropped() throws Exception {
        Queue<String> turns = new ConcurrentLinkedQueue<>();
        Contest contest = new Contest(
                "test",
                1,
                List.of(
                        new Variant("a", random -> Thread.onSpinWait(), () -> turns.add("a")),
                        new Variant("b", random -> Thread.onSpinWait(), () -> turns.add("b"))));

        Measurements measured = rounds.run(contest);

        assertThat(turns).containsExactly("a", "b", "b", "a", "a", "b", "b", "a");
        assertThat(measured.byVariant().get("a")).hasSize(3);
        assertThat(measured.byVariant().get("b")).hasSize(3);
        assertThat(progress).containsExactly("test …");
    }

    @Test
    void allCallersCallAtTheSameTime() throws Exception {
        CountDownLatch together = new CountDownLatch(4);
        Set<Thread> callers = ConcurrentHashMap.newKeySet();
        Contest contest = new Contest("test", 4, List.of(new Variant("a", random -> {
            callers.add(Thread.currentThread());
            together.countDown();
            if (!together.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The callers wait for one another in vain.");
            }
        })));

        rounds.run(contest);

        assertThat(callers).hasSize(4);
    }

    @Test
    void workThatIsPutOffCountsForTheLevelThroughputAlone() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Variant lazy = new Variant("lazy", random -> Thread.onSpinWait(), () -> never.await(20, TimeUnit.MILLISECONDS));

        Measurements measured = rounds.run(new Contest("test", 1, List.of(lazy)));

        assertThat(measured.byVariant().get("lazy"))
                .allSatisfy(one -> assertThat(one.levelThroughput()).isLessThan(one.throughput()));
        assertThat(measured.by(Metric.THROUGHPUT).rows().getFirst().value()).isPositive();
    }

    @Test
    void anOperationThatFailsEndsTheContestWithItsOwnException() {
        Contest contest = new Contest("test", 2, List.of(new Variant("a", random -> {
            throw new UnsupportedOperationException("this one");
        })));

        assertThatThrownBy(() -> rounds.run(contest))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("this one");
    }

    @Test
    void aContestWithTheSameNameTwiceIsRefused() {
        Variant a = new Variant("a", random -> {});
        assertThatThrownBy(() -> new Contest("test", 1, List.of(a, a)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same name");
    }
}
