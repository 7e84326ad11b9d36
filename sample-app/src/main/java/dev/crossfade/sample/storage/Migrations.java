package dev.crossfade.sample.storage;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The sample's migrations, as packaged with it. */
public final class Migrations {

    /** The last expand migration: the modern schema is complete. */
    public static final MigrationVersion EXPANDED = MigrationVersion.parse("2");

    /** The migration that drops the legacy tables. */
    public static final MigrationVersion CONTRACTED = MigrationVersion.parse("3");

    private static final List<String> FILES = List.of(
            "V1__modern_schema.up.sql",
            "V1__modern_schema.down.sql",
            "V2__purchases_of_an_account.up.sql",
            "V2__purchases_of_an_account.down.sql",
            "V3__retire_legacy_tables.up.sql",
            "V3__retire_legacy_tables.down.sql");

    private Migrations() {}

    /**
     * Copies the migrations to where the schema runner can read them.
     *
     * @param directory an existing, empty directory
     */
    public static MigrationDirectory unpack(Path directory) {
        try {
            for (String file : FILES) {
                Files.writeString(directory.resolve(file), Scripts.read("/migrations/" + file));
            }
            return MigrationDirectory.read(directory);
        } catch (IOException e) {
            throw new CrossfadeException("The migrations cannot be written to " + directory + ".", e);
        }
    }
}
