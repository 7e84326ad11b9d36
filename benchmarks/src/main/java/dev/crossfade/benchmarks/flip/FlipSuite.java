package dev.crossfade.benchmarks.flip;

import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.Topology;
import dev.crossfade.benchmarks.harness.Callers;
import dev.crossfade.benchmarks.harness.Callers.Running;
import dev.crossfade.benchmarks.harness.Callers.Seen;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Operation;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Resources;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Suite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures the longest save while a service moves its own authority there and back, and the longest one in a slice of
 * the same length without that. The difference counts: on a busy machine some save always waits for others.
 */
public final class FlipSuite implements Suite {

    private static final int ROWS = 10_000;
    private static final int USUAL_POOL = 10;
    private static final double ALLOWED_MILLIS = 300;
    private static final int ROUNDS = 5;
    private static final int QUICK_ROUNDS = 2;
    private static final Duration SLICE = Duration.ofMillis(1_500);
    /** The flip begins when all callers are running. */
    private static final Duration BEFORE = Duration.ofMillis(300);

    private final List<Integer> callers;
    private final Duration slice;

    /** Creates the suite in its full size. */
    public FlipSuite() {
        this(List.of(8, 50, 200), SLICE);
    }

    FlipSuite(List<Integer> callers, Duration slice) {
        this.callers = List.copyOf(callers);
        this.slice = slice;
    }

    @Override
    public String name() {
        return "flip";
    }

    @Override
    public String description() {
        return "the longest save while the authority moves, beside the longest without that";
    }

    @Override
    public Report run(Context context) throws Exception {
        List<Row> rows = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        int rounds = context.pace().equals(Pace.FULL) ? ROUNDS : QUICK_ROUNDS;
        for (Topology topology : Topology.values()) {
            for (int count : callers) {
                for (int pool : count > USUAL_POOL ? List.of(USUAL_POOL, count) : List.of(USUAL_POOL)) {
                    String subject = "%s/%d-callers/pool-of-%d/".formatted(topology.label(), count, pool);
                    context.progress().accept(subject + " …");
                    measure(topology, count, pool, rounds).addTo(subject, rows, goals);
                }
            }
        }
        return new Report(name(), rows, goals);
    }

    private Longest measure(Topology topology, int count, int pool, int rounds) throws Exception {
        Longest longest = new Longest(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (Resources resources = new Resources();
                Callers threads = new Callers(count)) {
            MovingService service = new MovingService(topology, pool, ROWS, resources);
            Operation save = random -> service.accounts().save(AccountTables.account(random, ROWS));
            threads.lasting(slice, save);
            for (int round = 0; round < 2 * rounds; round++) {
                longest.quiet().add(millis(threads.lasting(slice, save)));
                Running running = threads.begin(slice, save);
                TimeUnit.NANOSECONDS.sleep(Math.min(BEFORE.toNanos(), slice.toNanos() / 3));
                longest.flips().add(service.move().toMillis());
                longest.moving().add(millis(running.end()));
            }
            service.awaitLevel();
        }
        return longest;
    }

    private static double millis(Seen seen) {
        if (seen.failed() > 0) {
            throw new IllegalStateException(seen.failed() + " saves failed.");
        }
        return seen.latencies().getMaxValue() / 1e6;
    }

    /**
     * The longest saves of all rounds, in milliseconds.
     *
     * @param quiet those of the slices without a flip
     * @param moving those of the slices with one
     * @param flips how long the flips took, without the wait for the fleet
     */
    private record Longest(List<Double> quiet, List<Double> moving, List<Long> flips) {

        void addTo(String subject, List<Row> rows, List<Goal> goals) {
            String reference = subject + "quiet/longest-save";
            rows.add(Row.reference(reference, max(quiet), "ms"));
            rows.add(new Row(subject + "flip/longest-save", max(moving), "ms", reference, max(moving) / max(quiet)));
            rows.add(Row.reference(
                    subject + "flip/took",
                    flips.stream().mapToLong(Long::longValue).max().orElseThrow(),
                    "ms"));
            goals.add(Goal.atMost(
                    subject + "flip/longest-save, ms more than without a flip",
                    ALLOWED_MILLIS,
                    max(moving) - max(quiet)));
        }

        private static double max(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        }
    }
}
