package dev.crossfade.schema.file;

import dev.crossfade.model.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The migrations in a directory.
 *
 * @param path the directory
 * @param migrations its migrations, lowest version first
 */
public record MigrationDirectory(Path path, List<Migration> migrations) {

    /** Copies the migrations. */
    public MigrationDirectory {
        migrations = List.copyOf(migrations);
    }

    /**
     * Reads {@code V<version>__<description>.up.sql} and {@code .down.sql} files; other {@code .sql} files are errors,
     * and all other files are ignored. Does not read subdirectories.
     *
     * @throws InvalidInputException if any file cannot be used; the message lists every problem with file, line and
     *     remedy
     */
    public static MigrationDirectory read(Path path) {
        return new MigrationDirectory(path, new DirectoryReader(path).read());
    }

    /** Returns the migration of a version, empty if there is none. */
    public Optional<Migration> find(MigrationVersion version) {
        return migrations.stream()
                .filter(migration -> migration.version().equals(version))
                .findFirst();
    }
}
