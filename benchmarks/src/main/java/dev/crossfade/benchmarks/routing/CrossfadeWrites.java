package dev.crossfade.benchmarks.routing;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.model.Stage;
import dev.crossfade.routing.HandWritten;
import dev.crossfade.routing.RepositoryPair;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A save by a hand-written repository that does nothing, routed by a real instance whose poller runs on a real
 * database. The routing's own statements are answered at once, except those of the first save, which is real.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set by JMH and in setup
public class CrossfadeWrites {

    /** The key of the tables' one row. */
    private static final Long PRESENT = 1L;

    private static final Consumer<ConstantAccounts> SAVE = accounts -> accounts.save(ConstantAccounts.ADA);

    private final Keys keys = new Keys();
    private HikariDataSource real;
    private InstantDatabase database;
    private Crossfade crossfade;
    private RepositoryPair<ConstantAccounts, Long> accounts;

    /** The database in which each stage has an entity. */
    @Param("")
    public String url;

    /** The stage whose entity is written. */
    @Param(Param.BLANK_ARGS)
    public Stage stage;

    /** Starts an instance, saves once on the real server, and cuts this thread off from it. */
    @Setup
    public void start() {
        real = Server.connect(url, 4);
        database = new InstantDatabase(real);
        crossfade = Crossfade.builder().database(database).build();
        ConstantAccounts legacy = new ConstantAccounts();
        ConstantAccounts modern = new ConstantAccounts();
        accounts = new RepositoryPair<>(
                crossfade.routing(), HandWritten.of(RoutingSuite.type(stage).mapping(), dsl -> legacy, dsl -> modern));
        RoutingSuite.requireStage(crossfade, stage);
        accounts.write(PRESENT, SAVE);
        database.answerAtOnce();
    }

    /** Ends the instance, which reports that to the real server. */
    @TearDown
    public void stop() {
        database.answerReally();
        crossfade.close();
        real.close();
    }

    /** Saves. */
    @Benchmark
    public void save() {
        accounts.write(keys.next(), SAVE);
    }

    /** Returns the statements that were answered at once so far, in order and without repetitions. */
    Set<String> answered() {
        return database.answered();
    }
}
