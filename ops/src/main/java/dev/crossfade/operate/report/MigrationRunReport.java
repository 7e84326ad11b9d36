package dev.crossfade.operate.report;

import dev.crossfade.schema.MigrationRun;
import java.util.List;

/**
 * The result of a run of migrations.
 *
 * @param done the word for it: applied or reverted
 * @param migrations the migrations in the order in which they ran
 */
public record MigrationRunReport(String done, List<Entry> migrations) {

    /** One migration. */
    public record Entry(
            String version, String description, String side, String phase, boolean resumed, long durationMillis) {}

    public static MigrationRunReport applied(List<MigrationRun> runs) {
        return of("applied", runs);
    }

    public static MigrationRunReport reverted(List<MigrationRun> runs) {
        return of("reverted", runs);
    }

    private static MigrationRunReport of(String done, List<MigrationRun> runs) {
        return new MigrationRunReport(
                done,
                runs.stream()
                        .map(run -> new Entry(
                                run.migration().version().toString(),
                                run.migration().description(),
                                run.migration().side().label(),
                                run.migration().phase().label(),
                                run.resumed(),
                                run.duration().toMillis()))
                        .toList());
    }
}
