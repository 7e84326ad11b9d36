package dev.crossfade.testing;

import dev.crossfade.control.Databases;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Work of a Crossfade process that is paused before one of its statements while writers continue. */
public final class PausedProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private PausedProcess() {}

    /**
     * Runs work and pauses it until writers have made progress.
     *
     * @param first the statement to count from, which is number 1
     * @param number the number of the statement before which it is paused
     * @param work done with watched data sources; its failure is ignored
     * @param meanwhile done while it is paused
     * @return whether there was such a statement
     */
    public static boolean before(
            World world, Predicate<String> first, int number, Consumer<Databases> work, Runnable meanwhile) {
        InterceptedDataSource legacy =
                new InterceptedDataSource(world.databases().legacy());
        InterceptedDataSource modern = world.databases().areShared()
                ? legacy
                : new InterceptedDataSource(world.databases().modern());
        AtomicInteger statements = new AtomicInteger();
        Predicate<String> counted =
                sql -> (statements.get() > 0 || first.test(sql)) && statements.incrementAndGet() >= number;
        try (HeldUp held = HeldUp.before(counted, legacy, modern)) {
            CompletableFuture<Void> running =
                    CompletableFuture.runAsync(() -> work.accept(new Databases(legacy, modern)), OwnThread.EACH);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> running.isDone() || held.isReached());
            boolean reached = held.isReached();
            if (reached) {
                meanwhile.run();
            }
            held.goOn();
            running.handle((nothing, failure) -> nothing)
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
            return reached;
        }
    }
}
