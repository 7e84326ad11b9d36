package dev.crossfade.sample.demo;

import java.io.PrintStream;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints a report, for people or for programs. */
final class ReportPrinter {

    private final PrintStream out;

    ReportPrinter(PrintStream out) {
        this.out = out;
    }

    /** Prints one JSON object. */
    void json(Report report) {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        out.println(mapper.writeValueAsString(report));
    }

    /** Prints a table and a verdict. */
    void text(Report report) {
        out.println();
        line("Topology", report.topology() + (report.outage() ? ", with an outage of the modern side" : ""));
        line(
                "Data and traffic",
                "%,d users and as many orders, %d writers, seed %d",
                report.rows(),
                report.writers(),
                report.seed());
        line(
                "Operations",
                "%,d in %.1f s, %,d a second",
                report.operations(),
                report.durationMillis() / 1000.0,
                report.operationsPerSecond());
        line(
                "Failed operations",
                "%,d (stale reads among them: %,d)",
                report.failedOperations(),
                report.readYourWritesViolations());
        line("Differences", "%,d", report.differences());
        line("Longest stall", "%,d ms", report.longestStallMillis());
        line("Backfilled rows", "%,d", report.backfilledRows());
        line(
                "Reconciled keys",
                "%,d after %,d missed mirror writes",
                report.reconciledKeys(),
                report.missedMirrorWrites());
        out.println();
        out.println("Stage             entered  operations");
        for (Report.StageVisit visit : report.stages()) {
            out.printf(
                    Locale.ROOT,
                    "%-15s %7.1f s  %,10d%n",
                    visit.stage(),
                    visit.enteredAtMillis() / 1000.0,
                    visit.operations());
        }
        report.failures()
                .forEach((kind, failure) -> out.printf(
                        Locale.ROOT, "%nFailed %,d times: %s%n    %s%n", failure.count(), kind, failure.example()));
        report.differenceExamples().forEach(example -> out.printf("%nDifferent: %s%n", example));
        out.println();
        out.println(verdict(report));
    }

    private static String verdict(Report report) {
        if (report.problem() != null) {
            return "NOT FINISHED: " + report.problem();
        }
        return report.isClean()
                ? "PASSED: the tables moved under load, no operation failed, and no record was lost or changed."
                : "FAILED: operations failed or records differ; see above.";
    }

    private void line(String name, String format, Object... values) {
        out.printf(Locale.ROOT, "%-18s %s%n", name, String.format(Locale.ROOT, format, values));
    }
}
