package dev.crossfade.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class SharedPollTest {

    @Test
    void twoPollsServeAnyNumberOfThreads() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger polls = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        SharedPoll shared = new SharedPoll(() -> {
            begun.incrementAndGet();
            await(first);
            polls.incrementAndGet();
        });
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> waiting = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> {
                        int before = begun.get();
                        shared.await();
                        assertThat(polls.get())
                                .as("one that began after it asked")
                                .isGreaterThan(before);
                        return polls.get();
                    }))
                    .toList();
            Awaitility.await().until(() -> begun.get() == 1);
            first.countDown();
            for (Future<Integer> one : waiting) {
                assertThat(one.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(3);
            }
        }
    }

    @Test
    void aPollThatFailsIsMadeAgainByTheNextOne() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        SharedPoll shared = new SharedPoll(() -> {
            if (polls.incrementAndGet() == 1) {
                throw new IllegalStateException("the first one");
            }
        });

        assertThatThrownBy(shared::await).hasMessage("the first one");
        shared.await();

        assertThat(polls).hasValue(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
