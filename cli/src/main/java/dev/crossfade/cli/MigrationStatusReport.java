package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.schema.MigrationStatus;
import dev.crossfade.schema.MigrationStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where every migration stands, lowest version first. */
record MigrationStatusReport(List<Entry> migrations) implements Report {

    /** One migration. */
    record Entry(
            String version,
            String description,
            String side,
            String phase,
            String state,
            @Nullable Instant executedAt,
            @Nullable Long durationMillis) {

        Table.Cell cell() {
            return Table.cell(
                    state,
                    switch (State.valueOf(state.toUpperCase(Locale.ROOT).replace(' ', '_'))) {
                        case APPLIED -> Tone.GOOD;
                        case PENDING -> Tone.PLAIN;
                        case RUNNING, REVERTING -> Tone.WARNING;
                        case EDITED, MISSING_FILE, OUT_OF_ORDER -> Tone.BAD;
                    });
        }
    }

    static MigrationStatusReport of(List<MigrationStatus> statuses) {
        return new MigrationStatusReport(statuses.stream()
                .map(status -> new Entry(
                        status.version().toString(),
                        status.description(),
                        status.side().label(),
                        status.phase().label(),
                        status.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        status.executedAt().orElse(null),
                        status.duration().map(Duration::toMillis).orElse(null)))
                .toList());
    }

    @Override
    public void print(Page page) {
        Table table = new Table("VERSION", "STATE", "PHASE", "SIDE", "EXECUTED", "TOOK", "DESCRIPTION");
        for (Entry entry : migrations) {
            table.row(
                    entry.version(),
                    entry.cell(),
                    entry.phase(),
                    entry.side(),
                    entry.executedAt() == null
                            ? "-"
                            : Wording.moment(entry.executedAt().atOffset(ZoneOffset.UTC)),
                    entry.durationMillis() == null ? "-" : Wording.duration(Duration.ofMillis(entry.durationMillis())),
                    entry.description());
        }
        page.table(table);
        if (migrations.isEmpty()) {
            page.line("There are no migrations.");
        }
    }
}
