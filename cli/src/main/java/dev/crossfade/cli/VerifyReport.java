package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Verification;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What verifications found.
 *
 * @param differences how many records differ in all entities together
 * @param dryRun whether it says what a repair would do
 */
record VerifyReport(long differences, boolean dryRun, List<Entry> verifications) implements Report {

    /**
     * One entity.
     *
     * @param respelled records that are equal and only spelled differently; they are not differences
     * @param restless keys that were written so often that they were never at rest; they are not differences
     * @param destructive how many rows of the mirror a repair deletes or overwrites; null where none was asked for
     * @param allowed how many it may
     * @param records the first records that differ
     */
    record Entry(
            String entity,
            long rowsCompared,
            long differences,
            long respelled,
            long restless,
            long repaired,
            @Nullable Long destructive,
            @Nullable Long allowed,
            long durationMillis,
            List<DifferentRecord> records) {

        /** Tells whether a repair would delete or overwrite more than it may. */
        boolean isHeldBack() {
            return destructive != null && allowed != null && destructive > allowed;
        }
    }

    /** A record that differs; the columns are named if both sides have it. */
    record DifferentRecord(List<String> key, String kind, List<String> columns) {

        static DifferentRecord of(Difference difference) {
            List<String> columns = switch (difference) {
                case Difference.Different different -> different.columns();
                case Difference.Missing missing -> List.of();
                case Difference.Extra extra -> List.of();
                case Difference.Unreadable unreadable -> List.of();
            };
            return new DifferentRecord(difference.key().values(), difference.kind(), columns);
        }
    }

    static VerifyReport of(List<Verification.Report> reports, boolean dryRun) {
        List<Entry> entries = reports.stream()
                .map(report -> new Entry(
                        report.entity(),
                        report.rowsCompared(),
                        report.differenceCount(),
                        report.respelled(),
                        report.restless(),
                        report.repaired(),
                        report.allowed().isPresent() ? report.destructive() : null,
                        report.allowed().isPresent() ? report.allowed().getAsLong() : null,
                        report.took().toMillis(),
                        report.differences().stream().map(DifferentRecord::of).toList()))
                .toList();
        return new VerifyReport(entries.stream().mapToLong(Entry::differences).sum(), dryRun, entries);
    }

    @Override
    public void print(Page page) {
        for (Entry entry : verifications) {
            page.line(
                    "%s: %s rows compared, %s%s%s%s, in %s.",
                    entry.entity(),
                    Wording.count(entry.rowsCompared()),
                    entry.differences() == 0
                            ? page.paint("0 differences", Tone.GOOD)
                            : page.paint(Wording.count(entry.differences()) + " differences", Tone.BAD),
                    entry.repaired() == 0 ? "" : ", %s repaired".formatted(Wording.count(entry.repaired())),
                    entry.respelled() == 0
                            ? ""
                            : ", %s only spelled differently".formatted(Wording.count(entry.respelled())),
                    entry.restless() == 0 ? "" : ", %s keys never at rest".formatted(Wording.count(entry.restless())),
                    Wording.duration(Duration.ofMillis(entry.durationMillis())));
            printPlan(page, entry);
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

    private void printPlan(Page page, Entry entry) {
        if (entry.destructive() == null || entry.allowed() == null) {
            return;
        }
        if (dryRun) {
            page.line(
                    "A repair would delete or overwrite %s rows of the mirror and add %s; it may delete or overwrite %s without being told so.",
                    Wording.count(entry.destructive()),
                    Wording.count(entry.differences() - entry.destructive()),
                    Wording.count(entry.allowed()));
        } else if (entry.isHeldBack()) {
            page.line(
                    page.paint("Nothing was repaired:", Tone.BAD)
                            + " that would delete or overwrite %s rows of the mirror, %s allowed. They may be the last copies: look at them first. If the authoritative side is right, run `crossfade verify %s --repair --allow-rows %s`.",
                    Wording.count(entry.destructive()),
                    Wording.count(entry.allowed()),
                    entry.entity(),
                    entry.destructive());
        }
    }
}
