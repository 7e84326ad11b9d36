package dev.crossfade.operate.report;

import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Verification;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of verifications.
 *
 * @param differences how many records differ, in all entities together
 * @param dryRun whether it says what a repair would do
 */
public record VerifyReport(long differences, boolean dryRun, List<Entry> verifications) {

    /**
     * One entity.
     *
     * @param respelled records that are equal and only spelled differently; they are not differences
     * @param restless keys written too often to be compared; they are not differences
     * @param destructive how many rows of the mirror a repair deletes or overwrites; null if no repair was requested
     * @param allowed how many it may delete or overwrite
     * @param records the first records that differ
     */
    public record Entry(
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

        /** Tells whether a repair was held back because it would delete or overwrite too many rows. */
        public boolean isHeldBack() {
            return destructive != null && allowed != null && destructive > allowed;
        }
    }

    /** A record that differs. Its columns are named if both sides have it. */
    public record DifferentRecord(List<String> key, String kind, List<String> columns) {

        public static DifferentRecord of(Difference difference) {
            List<String> columns = switch (difference) {
                case Difference.Different different -> different.columns();
                case Difference.Missing missing -> List.of();
                case Difference.Extra extra -> List.of();
                case Difference.Unreadable unreadable -> List.of();
            };
            return new DifferentRecord(difference.key().values(), difference.kind(), columns);
        }
    }

    public static VerifyReport of(List<Verification.Report> reports, boolean dryRun) {
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
}
