package dev.crossfade.operate.report;

import dev.crossfade.schema.MigrationStatus;
import dev.crossfade.schema.MigrationStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state of every migration, lowest version first. */
public record MigrationStatusReport(List<Entry> migrations) {

    private static final Set<String> PROBLEMS =
            Set.of(word(State.EDITED), word(State.MISSING_FILE), word(State.OUT_OF_ORDER));

    /** One migration. */
    public record Entry(
            String version,
            String description,
            String side,
            String phase,
            String state,
            @Nullable Instant executedAt,
            @Nullable Long durationMillis) {}

    public static MigrationStatusReport of(List<MigrationStatus> statuses) {
        return new MigrationStatusReport(statuses.stream()
                .map(status -> new Entry(
                        status.version().toString(),
                        status.description(),
                        status.side().label(),
                        status.phase().label(),
                        word(status.state()),
                        status.executedAt().orElse(null),
                        status.duration().map(Duration::toMillis).orElse(null)))
                .toList());
    }

    /** Tells whether a migration was edited after it ran, has lost its file, or is out of order. */
    public boolean hasProblem() {
        return migrations.stream().anyMatch(one -> PROBLEMS.contains(one.state()));
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
