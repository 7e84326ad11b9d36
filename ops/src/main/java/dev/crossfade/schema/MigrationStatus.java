package dev.crossfade.schema;

import dev.crossfade.model.Side;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where one migration stands.
 *
 * @param executedAt when it was applied, or when its unfinished run last got on
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

    /** What the file and the history say together. */
    public enum State {
        /** Not applied yet. */
        PENDING,
        /** Applied; the file is what was run. */
        APPLIED,
        /** Being applied at this moment, or interrupted half way: {@link SchemaRunner#up()} goes on with it. */
        RUNNING,
        /** Being reverted at this moment, or interrupted half way: {@link SchemaRunner#down} goes on with it. */
        REVERTING,
        /** Applied, or partly so, and what was run has been changed in the file since. */
        EDITED,
        /** Applied, or partly so, and its file is gone. */
        MISSING_FILE,
        /** Not applied although a higher version is. */
        OUT_OF_ORDER
    }
}
