package dev.crossfade.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PollerTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ManualTicker ticker = new ManualTicker(0);
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicReference<Poller> self = new AtomicReference<>();
    private final CountDownLatch begun = new CountDownLatch(1);

    @Test
    void goesRoundAfterEachPauseUntilItIsToldToEnd() throws InterruptedException {
        Poller poller = new Poller(
                "test-rounds",
                () -> {
                    if (rounds.incrementAndGet() == 5) {
                        self.get().finish();
                    }
                    return Duration.ofMinutes(rounds.get());
                },
                () -> {},
                ticker);
        self.set(poller);

        poller.start();

        assertThat(poller.awaitEnd(PATIENCE)).isTrue();
        assertThat(rounds).hasValue(5);
        // No pause after the last round: it was told to end by then.
        assertThat(ticker.waited())
                .containsExactly(
                        Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3), Duration.ofMinutes(4));
    }

    @Test
    void isADaemonWithAName() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Poller poller = poller(() -> {
            thread.set(Thread.currentThread());
            return LONG;
        });

        poller.start();
        await().atMost(PATIENCE).until(() -> thread.get() != null);
        end(poller);

        assertThat(thread.get().getName()).isEqualTo("test-poller");
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    void closingInterruptsAPause() throws InterruptedException {
        Poller poller = poller(() -> {
            begun.countDown();
            return LONG;
        });
        poller.start();
        begun.await();

        end(poller);

        assertThat(poller.isEnding()).isTrue();
    }

    @Test
    void closingInterruptsTheRoundInHand() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        Poller poller = poller(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            return LONG;
        });
        poller.start();
        begun.await();

        end(poller);

        assertThat(interrupted).isTrue();
    }

    @Test
    void finishingCutsAPauseShortAndInterruptsNothing() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch writing = new CountDownLatch(1);
        Poller poller = new Poller("test-poller", () -> {
            begun.countDown();
            writing.await();
            self.get().pause(LONG);
            interrupted.set(Thread.currentThread().isInterrupted());
            return LONG;
        });
        self.set(poller);
        poller.start();
        begun.await();

        poller.finish();
        assertThat(poller.awaitEnd(Duration.ofMillis(1))).isFalse();
        Thread.currentThread().interrupt();
        assertThat(poller.awaitEnd(PATIENCE))
                .as("not waited for by an interrupted thread")
                .isFalse();
        assertThat(Thread.interrupted()).isTrue();
        writing.countDown();

        assertThat(poller.awaitEnd(PATIENCE)).isTrue();
        assertThat(interrupted).isFalse();
    }

    @Test
    void aStrayInterruptionThatARoundCatchesDoesNotEndIt() throws InterruptedException {
        Poller poller = new Poller(
                "test-poller",
                () -> {
                    if (rounds.incrementAndGet() == 1) {
                        Thread.currentThread().interrupt();
                        try {
                            self.get().pause(LONG);
                        } catch (InterruptedException e) {
                            return Duration.ZERO;
                        }
                    }
                    self.get().finish();
                    return Duration.ZERO;
                },
                () -> {},
                ticker);
        self.set(poller);

        poller.start();

        assertThat(poller.awaitEnd(PATIENCE)).isTrue();
        assertThat(rounds).hasValue(2);
    }

    @Test
    void aStrayInterruptionThatNobodyCatchesEndsIt() throws InterruptedException {
        Poller poller = poller(() -> {
            rounds.incrementAndGet();
            Thread.currentThread().interrupt();
            return LONG;
        });

        poller.start();

        assertThat(poller.awaitEnd(PATIENCE)).isTrue();
        assertThat(poller.isEnding()).isTrue();
        assertThat(rounds).hasValue(1);
    }

    @Test
    void whatIsDoneLastIsNotInterruptedByTheEnd() throws InterruptedException {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Poller poller = new Poller(
                "test-poller",
                () -> {
                    begun.countDown();
                    return LONG;
                },
                () -> interrupted.set(Thread.currentThread().isInterrupted()));
        poller.start();
        begun.await();

        end(poller);

        assertThat(interrupted.get()).isEqualTo(false);
    }

    @Test
    void whatIsDoneLastIsNotInterruptedByARoundThatDidNotNotice() throws InterruptedException {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Poller poller = new Poller(
                "test-poller",
                () -> {
                    begun.countDown();
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                    return Duration.ZERO;
                },
                () -> interrupted.set(Thread.currentThread().isInterrupted()));
        poller.start();
        begun.await();

        end(poller);

        assertThat(interrupted.get()).isEqualTo(false);
    }

    @Test
    void finishingEndsAPauseThatHasBegun() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Poller poller = poller(() -> {
            thread.set(Thread.currentThread());
            return LONG;
        });
        poller.start();
        await().atMost(PATIENCE)
                .until(() -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);

        poller.finish();

        assertThat(poller.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void startingItAgainStartsNoOtherThread() throws InterruptedException {
        Poller poller = poller(() -> {
            rounds.incrementAndGet();
            begun.countDown();
            return LONG;
        });

        poller.start();
        poller.start();
        begun.await();
        end(poller);
        poller.start();

        assertThat(rounds).hasValue(1);
    }

    @Test
    void theEndOfOneThatWasNeverStartedIsNotWaitedFor() throws InterruptedException {
        Poller poller = poller(() -> LONG);

        poller.close();

        assertThat(poller.awaitEnd(LONG)).isTrue();
    }

    private static Poller poller(Poller.Round round) {
        return new Poller("test-poller", round);
    }

    private static void end(Poller poller) throws InterruptedException {
        poller.close();
        assertThat(poller.awaitEnd(PATIENCE)).isTrue();
    }
}
