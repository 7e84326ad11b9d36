package dev.crossfade.cli;

import dev.crossfade.shadow.FieldDifference;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What shadow reads found different.
 *
 * @param total how many mismatches are kept
 * @param mismatches those that are shown
 */
record ShadowReport(int total, List<Mismatch> mismatches) implements Report {

    /**
     * A mismatch.
     *
     * @param key the record's key; empty where a whole result differs
     * @param read the kind of read
     * @param calibration whether the legacy side was compared with itself
     */
    record Mismatch(
            String entity,
            List<String> key,
            String read,
            boolean calibration,
            List<FieldDifference> fields,
            long times,
            OffsetDateTime firstSeenAt,
            OffsetDateTime lastSeenAt) {}

    @Override
    public void print(Page page) {
        Table table = new Table("ENTITY", "KEY", "READ", "TIMES", "LAST SEEN", "FIELD", "LEGACY", "OTHER");
        for (Mismatch one : mismatches) {
            for (FieldDifference field : one.fields()) {
                table.row(
                        one.entity(),
                        String.join(",", one.key()),
                        one.calibration() ? one.read() + " (calibration)" : one.read(),
                        Wording.count(one.times()),
                        Wording.moment(one.lastSeenAt()),
                        field.field(),
                        field.legacy(),
                        field.modern());
            }
        }
        page.table(table);
        if (mismatches.isEmpty()) {
            page.line("Shadow reads have found no differences.");
        } else if (total > mismatches.size()) {
            page.line("%s of %s are shown; see --limit.", Wording.count(mismatches.size()), Wording.count(total));
        }
    }
}
