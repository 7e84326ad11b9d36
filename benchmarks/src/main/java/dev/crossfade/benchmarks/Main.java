package dev.crossfade.benchmarks;

import dev.crossfade.benchmarks.divergence.DivergenceSuite;
import dev.crossfade.benchmarks.drain.DrainSuite;
import dev.crossfade.benchmarks.dualwrite.DualWriteSuite;
import dev.crossfade.benchmarks.flip.FlipSuite;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.benchmarks.isolation.IsolationSuite;
import dev.crossfade.benchmarks.overhead.OverheadSuite;
import dev.crossfade.benchmarks.routing.RoutingSuite;
import dev.crossfade.benchmarks.strategies.StrategiesSuite;
import dev.crossfade.benchmarks.verify.VerifySuite;
import java.util.List;

/** Entry point of the benchmarks. */
public final class Main {

    private static final List<Suite> SUITES = List.of(
            new OverheadSuite(),
            new RoutingSuite(),
            new IsolationSuite(),
            new DivergenceSuite(),
            new DualWriteSuite(),
            new DrainSuite(),
            new FlipSuite(),
            new StrategiesSuite(),
            new VerifySuite());

    private Main() {}

    /**
     * Runs one suite and ends the process; {@code --help} says how.
     *
     * @param args the suite's name and options
     */
    public static void main(String[] args) {
        System.exit(new RunCommand(SUITES).commandLine().execute(args));
    }
}
