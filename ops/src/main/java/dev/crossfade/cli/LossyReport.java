package dev.crossfade.cli;

import dev.crossfade.lossy.LossyWrite;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What the legacy side does not bring back as it was written.
 *
 * @param totalWrites how many saves are kept
 * @param writes the saves that are shown
 * @param totalKeys how many keys there are whose modern row the legacy side cannot give back
 * @param keys those that are shown
 */
record LossyReport(int totalWrites, List<Write> writes, int totalKeys, List<Key> keys) implements Report {

    /**
     * A save that the legacy side has changed.
     *
     * @param changed whether a value became another one; else they are only spelled differently
     */
    record Write(
            String entity,
            List<String> key,
            boolean changed,
            List<LossyWrite.Value> columns,
            long times,
            OffsetDateTime firstSeenAt,
            OffsetDateTime lastSeenAt) {}

    /** A key whose modern row the legacy side cannot give back. */
    record Key(String entity, List<String> key, List<String> columns, OffsetDateTime notedAt) {}

    @Override
    public void print(Page page) {
        if (writes.isEmpty()) {
            page.line("No save has been changed by the legacy side.");
        } else {
            page.line("Saves that the legacy side has changed:");
            page.table(writesTable());
            more(page, writes.size(), totalWrites);
        }
        if (keys.isEmpty()) {
            page.line("The legacy side can give every modern row back.");
        } else {
            page.line("Keys whose modern row the legacy side cannot give back:");
            page.table(keysTable());
            more(page, keys.size(), totalKeys);
        }
    }

    private Table writesTable() {
        Table table = new Table("ENTITY", "KEY", "WHAT", "TIMES", "LAST SEEN", "COLUMN", "GIVEN", "STORED");
        for (Write one : writes) {
            for (LossyWrite.Value value : one.columns()) {
                table.row(
                        one.entity(),
                        String.join(",", one.key()),
                        one.changed() ? "changed" : "spelled differently",
                        Wording.count(one.times()),
                        Wording.moment(one.lastSeenAt()),
                        value.column(),
                        value.given(),
                        value.stored());
            }
        }
        return table;
    }

    private Table keysTable() {
        Table table = new Table("ENTITY", "KEY", "COLUMNS", "SINCE");
        for (Key one : keys) {
            table.row(
                    one.entity(),
                    String.join(",", one.key()),
                    String.join(", ", one.columns()),
                    Wording.moment(one.notedAt()));
        }
        return table;
    }

    private static void more(Page page, int shown, int total) {
        if (total > shown) {
            page.line("%s of %s are shown; see --limit.", Wording.count(shown), Wording.count(total));
        }
    }
}
