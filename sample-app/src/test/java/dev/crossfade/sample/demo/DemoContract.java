package dev.crossfade.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the demo has to show, in a class for each topology so that both run at the same time. */
abstract class DemoContract {

    private final Topology topology;

    @TempDir
    private Path scratch;

    DemoContract(Topology topology) {
        this.topology = topology;
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 3"})
    void aWholeMigrationUnderLoadLosesNothing(boolean outage, long seed) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Report report;
        try (LiveView view = new LiveView(new PrintStream(shown, true, StandardCharsets.UTF_8), false)) {
            report = new Demo(new DemoSettings(2_000, 4, topology, outage, seed), view, scratch).run();
        }

        assertThat(report.problem()).as(shown.toString(StandardCharsets.UTF_8)).isNull();
        assertThat(report.failures()).isEmpty();
        assertThat(report.differenceExamples()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.operations()).isGreaterThan(500);
        assertThat(report.backfilledRows()).isGreaterThan(1_000);
        assertThat(report.stages())
                .extracting(Report.StageVisit::stage)
                .isEqualTo(List.of(
                        "legacy-only",
                        "dual-write",
                        "shadow-read",
                        "modern-read",
                        "modern-primary",
                        "modern-read",
                        "modern-primary",
                        "modern-only"));
    }
}
