package dev.crossfade.benchmarks.routing;

import com.zaxxer.hikari.HikariDataSource;
import dev.crossfade.Crossfade;
import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.harness.Server;
import dev.crossfade.model.Stage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The call through Crossfade: a real instance on a real database, with fake sides. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set by JMH and in setup
public class CrossfadeReads {

    private static final Long KEY = 42L;
    private static final Function<ConstantAccounts, Optional<Account>> ANY = accounts -> accounts.find(KEY);

    private final Keys keys = new Keys();
    private HikariDataSource database;
    private Crossfade crossfade;
    private RoutedConstants accounts;

    /** The database in which each stage has an entity. */
    @Param("")
    public String url;

    /** The stage whose entity is read. */
    @Param(Param.BLANK_ARGS)
    public Stage stage;

    /** Whether every read is measured by Micrometer. */
    @Param("false")
    public boolean metered;

    /** Starts an instance and checks the stage. */
    @Setup
    public void start() {
        database = Server.connect(url, 4);
        Crossfade.Builder builder = Crossfade.builder().database(database);
        crossfade = (metered ? builder.meterRegistry(new SimpleMeterRegistry()) : builder).build();
        accounts = new RoutedConstants(crossfade.routing(), RoutingSuite.type(stage));
        RoutingSuite.requireStage(crossfade, stage);
    }

    /** Ends the instance. */
    @TearDown
    public void stop() {
        crossfade.close();
        database.close();
    }

    /** Finds by key. */
    @Benchmark
    public Optional<Account> find() {
        return accounts.find(keys.next());
    }

    /** Reads through a function for each side. */
    @Benchmark
    public Optional<Account> read() {
        return accounts.read(ANY, ANY);
    }
}
