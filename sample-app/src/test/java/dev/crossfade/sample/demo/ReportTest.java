package dev.crossfade.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    @Test
    void theJsonReportIsOneObjectWithTheDocumentedMembers() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new ReportPrinter(new PrintStream(out, true, StandardCharsets.UTF_8)).json(report(0, 0, null));

        JsonNode json = JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
        assertThat(json.propertyNames())
                .contains(
                        "operations",
                        "failedOperations",
                        "differences",
                        "longestStallMillis",
                        "backfilledRows",
                        "reconciledKeys",
                        "stages",
                        "seed",
                        "rows",
                        "writers",
                        "topology",
                        "outage",
                        "readYourWritesViolations",
                        "durationMillis",
                        "operationsPerSecond");
        assertThat(json.get("stages").get(0).propertyNames())
                .containsExactlyInAnyOrder("stage", "enteredAtMillis", "operations");
    }

    @Test
    void onlyAFinishedRunWithoutFailuresAndDifferencesIsClean() {
        assertThat(report(0, 0, null).isClean()).isTrue();
        assertThat(report(1, 0, null).isClean()).isFalse();
        assertThat(report(0, 1, null).isClean()).isFalse();
        assertThat(report(0, 0, "a gate stayed closed").isClean()).isFalse();
    }

    private static Report report(long failed, long differences, String problem) {
        return new Report(
                1,
                2_000,
                8,
                "one-database",
                false,
                100,
                failed,
                0,
                differences,
                12,
                4_000,
                7,
                3,
                10_000,
                10,
                List.of(new Report.StageVisit("legacy-only", 0, 100)),
                Map.of(),
                List.of(),
                problem);
    }
}
