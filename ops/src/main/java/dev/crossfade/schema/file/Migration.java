package dev.crossfade.schema.file;

import dev.crossfade.model.Side;
import java.util.List;
import java.util.Optional;

/**
 * One versioned change of a database's structure.
 *
 * @param description the words of the file's name
 * @param side the side on whose database it runs
 * @param entities the entities that must be at {@code MODERN_ONLY} before a contract migration may run
 * @param up the script that makes the change
 * @param down the script that reverts it, if there is one
 */
public record Migration(
        MigrationVersion version,
        String description,
        Side side,
        Phase phase,
        List<String> entities,
        MigrationScript up,
        Optional<MigrationScript> down) {

    /** Copies the entities. */
    public Migration {
        entities = List.copyOf(entities);
    }

    /** Returns version and description, for messages. */
    @Override
    public String toString() {
        return version + " (" + description + ")";
    }
}
