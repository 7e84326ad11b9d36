package dev.crossfade.operate.report;

import dev.crossfade.lossy.LossyWrite;
import dev.crossfade.lossy.LossyWriteLog;
import dev.crossfade.queue.LossyKeys.LossyKey;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * What the legacy side does not give back as it was written.
 *
 * @param totalWrites how many saves are kept
 * @param writes the saves that are shown
 * @param totalKeys how many keys have a modern row that the legacy side cannot give back
 * @param keys the keys that are shown
 */
public record LossyReport(int totalWrites, List<Write> writes, int totalKeys, List<Key> keys) {

    /**
     * A save that the legacy side does not give back as it was.
     *
     * @param changed whether a value was changed; if false, values are only spelled differently
     */
    public record Write(
            String entity,
            List<String> key,
            boolean changed,
            List<LossyWrite.Value> columns,
            long times,
            OffsetDateTime firstSeenAt,
            OffsetDateTime lastSeenAt) {}

    /** A key whose modern row the legacy side cannot give back. */
    public record Key(String entity, List<String> key, List<String> columns, OffsetDateTime notedAt) {}

    /** Tells whether no value was lost. A value that is only spelled differently is not lost. */
    public boolean isWithoutLoss() {
        return keys.isEmpty() && writes.stream().noneMatch(Write::changed);
    }

    /**
     * Returns the report.
     *
     * @param totalWrites how many saves are kept
     * @param totalKeys how many keys there are
     */
    public static LossyReport of(
            int totalWrites, List<LossyWriteLog.KeptWrite> writes, int totalKeys, List<LossyKey> keys) {
        return new LossyReport(
                totalWrites,
                writes.stream().map(LossyReport::write).toList(),
                totalKeys,
                keys.stream()
                        .map(one -> new Key(one.entity(), one.key(), one.columns(), one.notedAt()))
                        .toList());
    }

    private static Write write(LossyWriteLog.KeptWrite entry) {
        return new Write(
                entry.write().entity(),
                entry.write().key(),
                entry.write().changed(),
                entry.write().columns(),
                entry.times(),
                entry.firstSeenAt(),
                entry.lastSeenAt());
    }
}
