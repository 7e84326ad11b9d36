package dev.crossfade.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.harness.Goal;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Row;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatTest {

    private static final Report REPORT = new Report(
            "overhead",
            List.of(
                    Row.reference("save/direct/latency", 512.25, "µs"),
                    new Row("save/dual-write/latency", 640.5, "µs", "save/direct/latency", 1.2504)),
            List.of(Goal.atMost("dual-write to direct", 1.5, 1.2504), Goal.atLeast("throughput", 1000, 900)));

    @Test
    void theTableAlignsItsColumnsAndMarksGoalsThatAreNotMet() {
        assertThat(Format.TABLE.render(REPORT)).isEqualToNormalizingNewlines("""
                name                     median  unit  ratio  to
                save/direct/latency      512     µs           (reference)
                save/dual-write/latency  641     µs    1.25   save/direct/latency

                goal                           required  seen  met
                dual-write to direct, at most  1.50      1.25  yes
                throughput, at least           1000      900   NO""");
    }

    @Test
    void aTableWithoutGoalsEndsWithItsRows() {
        Report withoutGoals = new Report("overhead", REPORT.rows(), List.of());
        assertThat(Format.TABLE.render(withoutGoals)).doesNotContain("required").endsWith("save/direct/latency");
    }

    @Test
    void theObjectHasTheNamesThatProgramsReadAndNothingElse() {
        assertThat(Format.JSON.render(REPORT))
                .isEqualTo("{\"suite\":\"overhead\",\"rows\":["
                        + "{\"name\":\"save/direct/latency\",\"value\":512.25,\"unit\":\"µs\",\"reference\":null,\"ratio\":null},"
                        + "{\"name\":\"save/dual-write/latency\",\"value\":640.5,\"unit\":\"µs\","
                        + "\"reference\":\"save/direct/latency\",\"ratio\":1.2504}],\"goals\":["
                        + "{\"name\":\"dual-write to direct, at most\",\"required\":1.5,\"seen\":1.2504,\"met\":true},"
                        + "{\"name\":\"throughput, at least\",\"required\":1000.0,\"seen\":900.0,\"met\":false}]}");
    }
}
