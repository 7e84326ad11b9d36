package dev.crossfade.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.model.RefusedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RunCommandTest {

    private static final Row DIRECT = Row.reference("save/direct/latency", 500.0, "µs");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Pace> paces = new ArrayList<>();

    @Test
    void aReportWhoseGoalsAreMetEndsWithZero() {
        assertThat(run(report(Goal.atMost("find", 1.1, 1.05)), "fake")).isZero();
        assertThat(out.toString()).contains("save/direct/latency").contains("find, at most");
    }

    @Test
    void aGoalThatIsNotMetEndsWithOneAfterTheReport() {
        assertThat(run(report(Goal.atMost("find", 1.1, 1.2)), "fake")).isEqualTo(1);
        assertThat(out.toString()).contains("find, at most").contains("NO");
    }

    @Test
    void anUnknownSuiteEndsWithTwoAndNamesTheSuitesThereAre() {
        assertThat(run(report(), "nothing-like-it")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("There is no suite 'nothing-like-it'")
                .contains("fake  a suite of this test");
    }

    @Test
    void noSuiteAtAllEndsWithTwoAndNamesTheSuitesThereAre() {
        assertThat(run(report())).isEqualTo(2);
        assertThat(err.toString()).contains("Name a suite.").contains("fake");
    }

    @Test
    void anUnknownOptionOrFormatEndsWithTwo() {
        assertThat(run(report(), "fake", "--fast")).isEqualTo(2);
        assertThat(run(report(), "fake", "--output", "xml")).isEqualTo(2);
        assertThat(paces).isEmpty();
    }

    @Test
    void aServerThatIsNotDurableEndsWithThreeAndNoStackTrace() {
        Suite refusing = suite(context -> {
            throw new RefusedException("fsync = off");
        });
        assertThat(run(refusing, "fake")).isEqualTo(3);
        assertThat(err.toString()).isEqualToNormalizingNewlines("measuring\nbenchmarks: fsync = off\n");
    }

    @Test
    void aSuiteThatFailsEndsWithOneAndNoReport() {
        Suite failing = suite(context -> {
            throw new IllegalStateException("broken");
        });
        assertThat(run(failing, "fake")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("broken");
    }

    @Test
    void theListAndTheHelpEndWithZeroAndRunNothing() {
        assertThat(run(report(), "--list")).isZero();
        assertThat(out.toString()).contains("fake  a suite of this test");
        assertThat(run(report(), "--help")).isZero();
        assertThat(out.toString()).contains("Exit codes:");
        assertThat(paces).isEmpty();
    }

    @Test
    void quickAsksForTheQuickPace() {
        run(report(), "fake", "--quick");
        run(report(), "fake");
        assertThat(paces).containsExactly(Pace.QUICK, Pace.FULL);
    }

    @Test
    void withJsonStandardOutputIsTheObjectAlone() {
        run(report(), "fake", "--output", "json");
        assertThat(out.toString()).startsWith("{\"suite\":\"fake\"").endsWith("}" + System.lineSeparator());
        assertThat(out.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains("measuring");
    }

    private int run(Report report, String... arguments) {
        return run(suite(context -> report), arguments);
    }

    private int run(Suite suite, String... arguments) {
        CommandLine command = new RunCommand(List.of(suite)).commandLine();
        return command.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static Report report(Goal... goals) {
        return new Report("fake", List.of(DIRECT), List.of(goals));
    }

    /** What a suite of this test does. */
    private interface Body {
        Report run(Context context);
    }

    private Suite suite(Body body) {
        return new Suite() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public String description() {
                return "a suite of this test";
            }

            @Override
            public Report run(Context context) {
                paces.add(context.pace());
                context.progress().accept("measuring");
                return body.run(context);
            }
        };
    }
}
