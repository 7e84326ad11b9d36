package dev.crossfade.benchmarks.routing;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.launchdarkly.LaunchDarkly;
import dev.crossfade.model.Stage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls through LaunchDarkly's {@code Migration}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // set by JMH and in setup
public class LaunchDarklyCalls {

    private final Keys keys = new Keys();
    private LaunchDarkly accounts;

    /** The stage of Crossfade to which LaunchDarkly's stage corresponds. */
    @Param(Param.BLANK_ARGS)
    public Stage stage;

    /** Starts the client. */
    @Setup
    public void start() {
        accounts = new LaunchDarkly(stage, new ConstantAccounts(), new ConstantAccounts());
    }

    /** Ends the client. */
    @TearDown
    public void stop() {
        accounts.close();
    }

    /** Finds by key. */
    @Benchmark
    public Optional<Account> find() {
        return accounts.find(keys.next());
    }

    /** Saves; where it writes both sides, both save. */
    @Benchmark
    public boolean save() {
        return accounts.save(ConstantAccounts.ADA);
    }
}
