package dev.crossfade.benchmarks.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.strategies.OperationMix.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenLoopTest {

    private static final int CALLERS = 2;

    @Test
    void whatWasDueWhileEveryCallerWaitedIsDoneAndHasWaitedToo() throws Exception {
        CountDownLatch someWait = new CountDownLatch(CALLERS);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(CALLERS);
        try (OpenLoop load = new OpenLoop(CALLERS, 1_000, new OperationMix(10), calling(() -> {
            if (left.getAndDecrement() > 0) {
                someWait.countDown();
                goOn.await();
            }
        }))) {
            load.go();
            someWait.await();
            long blocked = load.now();
            long released = blocked + 50_000_000;
            while (load.now() < released) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            load.pause();

            List<Done> late = new ArrayList<>();
            load.forEach(done -> {
                if (done.due() > blocked && done.due() < released) {
                    late.add(done);
                }
            });
            assertThat(late).hasSizeBetween(48, 51).allMatch(done -> done.ended() >= released);
            Seen seen = Seen.in(new Window("blocked", blocked, released), load);
            assertThat(seen.longestMillis()).isGreaterThan(45);
            assertThat(seen.micros(50)).isGreaterThan(20_000);
        }
    }

    @Test
    void anOperationThatThrowsHasFailedAndTheOthersGoOn() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(4);
        try (OpenLoop load = new OpenLoop(CALLERS, 1_000, new OperationMix(10), calling(() -> {
            enough.countDown();
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("The first one fails.");
            }
        }))) {
            load.go();
            enough.await();
            load.pause();
            Window all = new Window("all", 0, load.now());

            assertThat(Seen.in(all, load).failed()).isEqualTo(1);
            assertThat(Seen.in(all, load).latencies().getTotalCount()).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void timesInWhichSomebodyWaitedAreCountedOnce() {
        List<Done> waiting = List.of(
                find(0, 2_000_000_000L), find(500_000_000L, 1_600_000_000L), find(9_000_000_000L, 9_000_000_007L));

        assertThat(Seen.union(waiting)).isEqualTo(2_000_000_007L);
        assertThat(Seen.union(List.of())).isZero();
    }

    private static Done find(long due, long ended) {
        return new Done(1, Kind.FIND, 1, due, due, ended, false);
    }

    /** What every call does. */
    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private static AccountService calling(Call call) {
        return new AccountService() {
            @Override
            public Optional<Account> find(long key) throws Exception {
                call.run();
                return Optional.empty();
            }

            @Override
            public void save(Account account) throws Exception {
                call.run();
            }

            @Override
            public void delete(long key) throws Exception {
                call.run();
            }
        };
    }
}
