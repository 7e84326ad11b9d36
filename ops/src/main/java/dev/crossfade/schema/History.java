package dev.crossfade.schema;

import dev.crossfade.control.Databases;
import dev.crossfade.model.Side;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Phase;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The table {@code crossfade.schema_migrations} of one database. */
public final class History {

    private final DSLContext dsl;

    History(DSLContext dsl) {
        this.dsl = dsl;
    }

    /** Returns the records of both sides, lowest version first. */
    static SequencedMap<MigrationVersion, HistoryEntry> read(Databases databases) {
        SequencedMap<MigrationVersion, HistoryEntry> entries = new TreeMap<>();
        if (!databases.areShared()) {
            new History(databases.dsl(Side.MODERN)).readInto(entries);
        }
        new History(databases.controlDsl()).readInto(entries);
        return entries;
    }

    /** Returns the versions of migrations that were begun and are not done, in the records of one database. */
    public static List<String> halfDone(DSLContext control) {
        return control.fetch("select version from crossfade.schema_migrations where progress <> 'DONE'")
                .map(row -> row.get("version", String.class));
    }

    private void readInto(SequencedMap<MigrationVersion, HistoryEntry> entries) {
        dsl.fetch("""
                        select version, description, side, phase, checksum, progress, statements_done,
                               executed_at, duration_millis
                          from crossfade.schema_migrations
                        """).map(History::entry).forEach(entry -> entries.put(entry.version(), entry));
    }

    private static HistoryEntry entry(Record row) {
        return new HistoryEntry(
                MigrationVersion.parse(row.get("version", String.class)),
                row.get("description", String.class),
                row.get("side", Side.class),
                row.get("phase", Phase.class),
                row.get("checksum", String.class),
                row.get("progress", Progress.class),
                row.get("statements_done", int.class),
                Optional.ofNullable(row.get("executed_at", Instant.class)),
                Optional.<Long>ofNullable(row.get("duration_millis", Long.class))
                        .map(Duration::ofMillis));
    }

    /** Returns the transaction in which the records are written. */
    DSLContext transaction() {
        return dsl;
    }

    /** Writes a record, replacing the one of the same version. */
    void save(HistoryEntry entry) {
        dsl.execute(
                """
                insert into crossfade.schema_migrations
                       (version, description, side, phase, checksum, progress, statements_done, executed_at, duration_millis)
                values (?, ?, ?, ?, ?, ?, ?, coalesce(cast(? as timestamptz), now()), ?)
                on conflict (version) do update
                   set description = excluded.description, side = excluded.side, phase = excluded.phase,
                       checksum = excluded.checksum, progress = excluded.progress,
                       statements_done = excluded.statements_done, executed_at = excluded.executed_at,
                       duration_millis = excluded.duration_millis
                """,
                entry.version().toString(),
                entry.description(),
                entry.side().name(),
                entry.phase().name(),
                entry.checksum(),
                entry.progress().name(),
                entry.statementsDone(),
                utc(entry.executedAt()),
                entry.duration().map(Duration::toMillis).orElse(null));
    }

    /** Deletes the record of a version. */
    void delete(MigrationVersion version) {
        dsl.execute("delete from crossfade.schema_migrations where version = ?", version.toString());
    }

    private static @Nullable OffsetDateTime utc(Optional<Instant> instant) {
        return instant.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null);
    }
}
