package dev.crossfade.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Runs contests. In each round every variant has one slot. The order rotates from round to round; the first rounds
 * warm up and are dropped. Callers are closed loops: each waits for its answer before it calls again.
 */
public final class Rounds {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Context context;
    private final SplittableRandom seeds = new SplittableRandom(42);

    /** Creates a runner with the pace of {@code context}. */
    public Rounds(Context context) {
        this.context = context;
    }

    /** Runs a contest to its end. */
    public Measurements run(Contest contest) throws Exception {
        Pace pace = context.pace();
        context.progress().accept(contest.subject() + " …");
        Map<String, List<Measurement>> measured = new LinkedHashMap<>();
        contest.variants().forEach(variant -> measured.put(variant.name(), new ArrayList<>()));
        try (ExecutorService callers = Executors.newFixedThreadPool(contest.callers())) {
            for (int round = 0; round < pace.warmUpRounds() + pace.rounds(); round++) {
                for (Variant variant : Rotation.of(contest.variants(), round)) {
                    Measurement measurement = slot(callers, contest.callers(), variant);
                    if (round >= pace.warmUpRounds()) {
                        measured.computeIfAbsent(variant.name(), name -> new ArrayList<>())
                                .add(measurement);
                    }
                }
            }
        }
        return new Measurements(contest, measured);
    }

    private Measurement slot(ExecutorService threads, int callers, Variant variant) throws Exception {
        long start = System.nanoTime();
        long end = start + context.pace().slot().toNanos();
        List<Future<Loop>> loops = IntStream.range(0, callers)
                .mapToObj(caller -> seeds.split())
                .map(random -> threads.submit(() -> loop(variant.operation(), random, end)))
                .toList();
        Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
        long cpu = 0;
        for (Future<Loop> future : loops) {
            Loop loop = answer(future);
            all.add(loop.latencies());
            cpu += loop.cpuNanos();
        }
        long elapsed = System.nanoTime() - start;
        variant.levelling().await();
        long level = System.nanoTime() - start;
        return new Measurement(
                all.getTotalCount(), elapsed, level, all.getValueAtPercentile(50), all.getValueAtPercentile(99), cpu);
    }

    /** The calls of one caller in a slot. */
    private record Loop(Histogram latencies, long cpuNanos) {}

    /** Calls at least once, so that a slow call in a short slot is not lost. */
    private static Loop loop(Operation operation, SplittableRandom random, long end) throws Exception {
        Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
        long cpu = THREADS.getCurrentThreadCpuTime();
        long now = System.nanoTime();
        do {
            operation.run(random);
            long answered = System.nanoTime();
            latencies.recordValue(Math.min(answered - now, LONGEST_NANOS));
            now = answered;
        } while (now < end);
        return new Loop(latencies, THREADS.getCurrentThreadCpuTime() - cpu);
    }

    private static Loop answer(Future<Loop> loop) throws Exception {
        try {
            return loop.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
