package dev.crossfade.schema;

import dev.crossfade.model.Side;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of one migration.
 *
 * @param executedAt when it was applied, or when its unfinished run last recorded progress
 * @param duration how long its run took, if that has ended
 */
public record MigrationStatus(
        MigrationVersion version,
        String description,
        Side side,
        Phase phase,
        State state,
        Optional<Instant> executedAt,
        Optional<Duration> duration) {

    /** The state that follows from the file and the history. */
    public enum State {
        /** Not applied yet. */
        PENDING,
        /** Applied; the file is unchanged. */
        APPLIED,
        /** Being applied now, or interrupted half-way: {@link SchemaRunner#up()} resumes it. */
        RUNNING,
        /** Being reverted now, or interrupted half-way: {@link SchemaRunner#down} resumes it. */
        REVERTING,
        /** Applied, or partly applied, and edited since: the file differs from what was run. */
        EDITED,
        /** Applied, or partly applied, and its file is gone. */
        MISSING_FILE,
        /** Not applied although a higher version is. */
        OUT_OF_ORDER
    }
}
