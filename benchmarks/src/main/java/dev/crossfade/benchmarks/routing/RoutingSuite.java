package dev.crossfade.benchmarks.routing;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.accounts.AccountType;
import dev.crossfade.benchmarks.accounts.StageMoves;
import dev.crossfade.benchmarks.harness.Comparison;
import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.JmhPasses;
import dev.crossfade.benchmarks.harness.Microbenchmark;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Score;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures reads and writes of sides that answer at once: in each stage through Crossfade and through LaunchDarkly's
 * {@code Migration}, against the call itself. One read goes through an experiment of Scientist4J. Each pass of a
 * variant has its own JVM.
 */
public final class RoutingSuite implements Suite {

    private static final String DIRECT = "direct";
    private static final String FIND = "find/";
    private static final String READ = "read/";
    private static final String SAVE = "save/";
    private static final String LAUNCH_DARKLY = "launchdarkly/";
    private static final String SCIENTIST4J = "scientist4j/" + Stage.SHADOW_READ.label();

    /** The variant with measured reads, in one stage, as it costs the same in all. */
    private static final String METERED = "metered-find/" + Stage.MODERN_READ.label();

    private static final double MOST_NANOS = 150;
    /**
     * The limit for no allocation. It is not 0, because allocations of the process's other threads are divided among
     * the calls.
     */
    private static final double NO_BYTES = 1;

    private static final double TIMES_CHEAPER = 5;
    private static final int ROUNDS_PER_PASS = 5;
    private static final int SLOTS_PER_ITERATION = 5;
    private static final int ITERATIONS = 3;
    /** A routed write is more code than a read, so the compiler needs longer for it. */
    private static final int WRITE_WARM_UPS = 10;

    private final int forks;

    /** Creates the suite with a JVM for each pass. */
    public RoutingSuite() {
        this(1);
    }

    RoutingSuite(int forks) {
        this.forks = forks;
    }

    @Override
    public String name() {
        return "routing";
    }

    @Override
    public String description() {
        return "reads and writes routed in each stage, beside LaunchDarkly's Migration and Scientist4J, against the call itself";
    }

    @Override
    public Report run(Context context) throws Exception {
        context.progress().accept("starting a fresh server …");
        try (Server server = Server.start(8)) {
            placeEntities(server);
            String url = Server.url(server.port());
            List<Score> scores = List.of(Score.TIME, Score.ALLOCATION);
            List<Comparison> reads = passes(context, ITERATIONS).run("read", reads(url), scores);
            List<Comparison> writes = passes(context, WRITE_WARM_UPS).run("write", writes(url), scores);
            List<Row> rows = new ArrayList<>(rows(reads));
            rows.addAll(rows(writes));
            rows.addAll(peers(writes.getFirst()));
            return new Report(name(), rows, goals(reads.getFirst(), reads.getLast()));
        }
    }

    /** Returns the name of the entity at a stage. */
    static String entity(Stage stage) {
        return stage.label().replace('-', '_');
    }

    /** Returns the entity at a stage. */
    static AccountType type(Stage stage) {
        return new AccountType(new AccountTables(entity(stage)).mapping());
    }

    /** Makes sure that a stage's entity is at that stage. */
    static void requireStage(Crossfade crossfade, Stage stage) {
        Stage seen = crossfade.stage(entity(stage));
        if (seen != stage) {
            throw new IllegalStateException("The entity is at " + seen.label() + ", not at " + stage.label() + ".");
        }
    }

    /** Moves an entity to each stage. The JVMs of the passes find them there. */
    static void placeEntities(Server server) throws Exception {
        for (Stage stage : Stage.values()) {
            AccountTables tables = new AccountTables(entity(stage));
            server.execute(tables.legacySql(1));
            server.execute(tables.modernSql(1));
        }
        try (HikariDataSource database = Server.connect(Server.url(server.port()), 4)) {
            Databases databases = new Databases(database, database);
            ControlSchema.install(databases);
            try (Crossfade crossfade = Crossfade.builder().database(database).build()) {
                Arrays.stream(Stage.values()).forEach(stage -> new RoutedConstants(crossfade.routing(), type(stage)));
                new StageMoves(crossfade, databases)
                        .move(Arrays.stream(Stage.values())
                                .collect(Collectors.toMap(RoutingSuite::entity, Function.identity())));
            }
        }
    }

    private JmhPasses passes(Context context, int warmUps) {
        Pace pace = context.pace();
        Duration iteration = pace.slot().multipliedBy(SLOTS_PER_ITERATION);
        TimeValue time = TimeValue.milliseconds(iteration.toMillis());
        Options options = new OptionsBuilder()
                .forks(forks)
                .warmupIterations(warmUps)
                .warmupTime(time)
                .measurementIterations(ITERATIONS)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .build();
        int count = Math.max(1, pace.rounds() / ROUNDS_PER_PASS);
        return new JmhPasses(new Context(new Pace(0, count, pace.slot()), context.progress()), options);
    }

    private static SequencedMap<String, Microbenchmark> reads(String url) {
        SequencedMap<String, Microbenchmark> variants = new LinkedHashMap<>();
        variants.put(DIRECT, Microbenchmark.of(DirectCalls.class, "find", Map.of()));
        for (Stage stage : Stage.values()) {
            Map<String, String> placed = Map.of("url", url, "stage", stage.name());
            variants.put(FIND + stage.label(), Microbenchmark.of(CrossfadeReads.class, "find", placed));
            variants.put(READ + stage.label(), Microbenchmark.of(CrossfadeReads.class, "read", placed));
            variants.put(
                    LAUNCH_DARKLY + stage.label(),
                    Microbenchmark.of(LaunchDarklyCalls.class, "find", Map.of("stage", stage.name())));
        }
        variants.put(
                METERED,
                Microbenchmark.of(
                        CrossfadeReads.class,
                        "find",
                        Map.of("url", url, "stage", Stage.MODERN_READ.name(), "metered", "true")));
        variants.put(SCIENTIST4J, Microbenchmark.of(Scientist4jReads.class, "find", Map.of()));
        return variants;
    }

    private static SequencedMap<String, Microbenchmark> writes(String url) {
        SequencedMap<String, Microbenchmark> variants = new LinkedHashMap<>();
        variants.put(DIRECT, Microbenchmark.of(DirectCalls.class, "save", Map.of()));
        for (Stage stage : Stage.values()) {
            variants.put(
                    SAVE + stage.label(),
                    Microbenchmark.of(CrossfadeWrites.class, "save", Map.of("url", url, "stage", stage.name())));
            variants.put(
                    LAUNCH_DARKLY + stage.label(),
                    Microbenchmark.of(LaunchDarklyCalls.class, "save", Map.of("stage", stage.name())));
        }
        return variants;
    }

    /** Returns the rows of time, then the cost of each variant above the call itself, in time and in bytes. */
    private static List<Row> rows(List<Comparison> timeAndAllocation) {
        List<Row> rows = new ArrayList<>(timeAndAllocation.getFirst().rows());
        for (Comparison comparison : timeAndAllocation) {
            comparison.samples().keySet().stream()
                    .filter(variant -> !variant.equals(DIRECT))
                    .map(variant -> over(comparison, variant))
                    .forEach(rows::add);
        }
        return rows;
    }

    /** Returns rows that compare LaunchDarkly's writes with Crossfade's at the same stage; for reads this is a goal. */
    private static List<Row> peers(Comparison time) {
        List<Row> rows = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            String peer = LAUNCH_DARKLY + stage.label();
            String save = SAVE + stage.label();
            rows.add(new Row(
                    time.subject() + "/" + peer + "/time-to-save",
                    Objects.requireNonNull(time.samples().get(peer)).median(),
                    time.unit(),
                    time.subject() + "/" + save + "/time",
                    time.ratio(peer, save)));
        }
        return rows;
    }

    private static List<Goal> goals(Comparison time, Comparison allocation) {
        List<Goal> goals = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            String find = FIND + stage.label();
            goals.add(Goal.atMost(find + ", ns over the call itself", MOST_NANOS, time.difference(find, DIRECT)));
            if (stage != Stage.SHADOW_READ) {
                goals.add(Goal.atMost(
                        find + ", bytes allocated over the call itself",
                        NO_BYTES,
                        allocation.difference(find, DIRECT)));
            }
            goals.add(Goal.atLeast(
                    "time of " + LAUNCH_DARKLY + stage.label() + " to " + find,
                    TIMES_CHEAPER,
                    time.ratio(LAUNCH_DARKLY + stage.label(), find)));
        }
        return goals;
    }

    /** Returns a difference, not a ratio, because the call itself costs next to nothing. */
    private static Row over(Comparison comparison, String variant) {
        return Row.reference(
                comparison.subject() + "/" + variant + "/" + comparison.metric() + "-over-direct",
                comparison.difference(variant, DIRECT),
                comparison.unit());
    }
}
