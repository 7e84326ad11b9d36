package dev.crossfade.cli;

import dev.crossfade.schema.MigrationRun;
import java.time.Duration;
import java.util.List;

/**
 * What a run of migrations did.
 *
 * @param done the word for it: applied or reverted
 * @param migrations the migrations in the order in which they ran
 */
record MigrationRunReport(String done, List<Entry> migrations) implements Report {

    /** One migration. */
    record Entry(String version, String description, String side, String phase, boolean resumed, long durationMillis) {}

    static MigrationRunReport applied(List<MigrationRun> runs) {
        return of("applied", runs);
    }

    static MigrationRunReport reverted(List<MigrationRun> runs) {
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

    @Override
    public void print(Page page) {
        for (Entry entry : migrations) {
            page.line(
                    "%s %s (%s) in %s%s",
                    done,
                    entry.version(),
                    entry.description(),
                    Wording.duration(Duration.ofMillis(entry.durationMillis())),
                    entry.resumed() ? ", finishing an interrupted run" : "");
        }
        if (migrations.isEmpty()) {
            page.line("Nothing to do: no migration was %s.", done);
        }
    }
}
