package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Verification;
import java.time.Duration;
import java.util.List;

/**
 * What verifications found.
 *
 * @param differences how many records differ in all entities together
 */
record VerifyReport(long differences, List<Entry> verifications) implements Report {

    /**
     * One entity.
     *
     * @param restless keys that were written so often that they were never at rest; they are not differences
     * @param records the first records that differ
     */
    record Entry(
            String entity,
            long rowsCompared,
            long differences,
            long restless,
            long repaired,
            long durationMillis,
            List<DifferentRecord> records) {}

    /** A record that differs; the columns are named if both sides have it. */
    record DifferentRecord(List<String> key, String kind, List<String> columns) {

        static DifferentRecord of(Difference difference) {
            List<String> columns = switch (difference) {
                case Difference.Different different -> different.columns();
                case Difference.Missing missing -> List.of();
                case Difference.Extra extra -> List.of();
            };
            return new DifferentRecord(difference.key().values(), difference.kind(), columns);
        }
    }

    static VerifyReport of(List<Verification.Report> reports) {
        List<Entry> entries = reports.stream()
                .map(report -> new Entry(
                        report.entity(),
                        report.rowsCompared(),
                        report.differenceCount(),
                        report.restless(),
                        report.repaired(),
                        report.took().toMillis(),
                        report.differences().stream().map(DifferentRecord::of).toList()))
                .toList();
        return new VerifyReport(entries.stream().mapToLong(Entry::differences).sum(), entries);
    }

    @Override
    public void print(Page page) {
        for (Entry entry : verifications) {
            page.line(
                    "%s: %s rows compared, %s%s%s, in %s.",
                    entry.entity(),
                    Wording.count(entry.rowsCompared()),
                    entry.differences() == 0
                            ? page.paint("0 differences", Tone.GOOD)
                            : page.paint(Wording.count(entry.differences()) + " differences", Tone.BAD),
                    entry.repaired() == 0 ? "" : ", %s repaired".formatted(Wording.count(entry.repaired())),
                    entry.restless() == 0 ? "" : ", %s keys never at rest".formatted(Wording.count(entry.restless())),
                    Wording.duration(Duration.ofMillis(entry.durationMillis())));
            Table table = new Table("KEY", "DIFFERENCE", "COLUMNS");
            entry.records()
                    .forEach(one ->
                            table.row(String.join(",", one.key()), one.kind(), String.join(", ", one.columns())));
            page.table(table);
            if (entry.records().size() < entry.differences()) {
                page.line(
                        "… and %s more.",
                        Wording.count(entry.differences() - entry.records().size()));
            }
        }
        if (verifications.isEmpty()) {
            page.line("The mapping file declares no entity; nothing was compared.");
        }
    }
}
