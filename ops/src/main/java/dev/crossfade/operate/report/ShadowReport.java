package dev.crossfade.operate.report;

import dev.crossfade.shadow.FieldDifference;
import dev.crossfade.shadow.Pairing;
import dev.crossfade.shadow.ShadowLog;
import dev.crossfade.shadow.ShadowMismatch;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * The mismatches that shadow reads found.
 *
 * @param total how many mismatches are kept
 * @param mismatches the mismatches that are shown
 */
public record ShadowReport(int total, List<Mismatch> mismatches) {

    /**
     * A mismatch.
     *
     * @param key the record's key; empty where a whole result differs
     * @param read the kind of read
     * @param calibration whether the legacy side was compared with itself
     */
    public record Mismatch(
            String entity,
            List<String> key,
            String read,
            boolean calibration,
            List<FieldDifference> fields,
            long times,
            OffsetDateTime firstSeenAt,
            OffsetDateTime lastSeenAt) {}

    /**
     * Returns the report.
     *
     * @param total how many mismatches are kept
     */
    public static ShadowReport of(int total, List<ShadowLog.KeptMismatch> shown) {
        return new ShadowReport(
                total, shown.stream().map(ShadowReport::mismatch).toList());
    }

    private static Mismatch mismatch(ShadowLog.KeptMismatch entry) {
        ShadowMismatch mismatch = entry.mismatch();
        return new Mismatch(
                mismatch.entity(),
                mismatch.key(),
                mismatch.read(),
                mismatch.pairing() == Pairing.LEGACY_WITH_LEGACY,
                mismatch.fields(),
                entry.times(),
                entry.firstSeenAt(),
                entry.lastSeenAt());
    }
}
