package dev.crossfade.benchmarks.routing;

import dev.crossfade.benchmarks.accounts.Account;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The calls themselves, without routing. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DirectCalls {

    private final ConstantAccounts accounts = new ConstantAccounts();
    private final Keys keys = new Keys();

    /** Finds by key. */
    @Benchmark
    public Optional<Account> find() {
        return accounts.find(keys.next());
    }

    /** Saves. */
    @Benchmark
    public void save() {
        accounts.save(ConstantAccounts.ADA);
    }
}
