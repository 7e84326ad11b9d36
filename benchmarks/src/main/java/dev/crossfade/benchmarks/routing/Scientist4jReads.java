package dev.crossfade.benchmarks.routing;

import com.github.rawls238.scientist4j.Experiment;
import com.github.rawls238.scientist4j.ExperimentBuilder;
import dev.crossfade.benchmarks.accounts.Account;
import io.dropwizard.metrics5.MetricRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The call through an experiment of Scientist4J, which reads and compares both sides on the caller's thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Scientist4jReads {

    private final ConstantAccounts legacy = new ConstantAccounts();
    private final ConstantAccounts modern = new ConstantAccounts();
    private final Keys keys = new Keys();
    private final Experiment<Optional<Account>> experiment = new ExperimentBuilder<Optional<Account>>()
            .withName("accounts")
            .withRegistry(new MetricRegistry())
            .build();

    /** Finds by key. */
    @Benchmark
    public Optional<Account> find() throws Exception {
        Long key = keys.next();
        return experiment.run(() -> legacy.find(key), () -> modern.find(key));
    }
}
