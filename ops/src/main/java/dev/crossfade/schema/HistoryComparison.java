package dev.crossfade.schema;

import dev.crossfade.schema.MigrationStatus.State;
import dev.crossfade.schema.file.Migration;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.schema.file.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;

/** Compares the files of a directory with the history of the databases. */
record HistoryComparison(MigrationDirectory directory, SequencedMap<MigrationVersion, HistoryEntry> history) {

    /** Returns the state of every migration with a file or a record, lowest version first. */
    List<MigrationStatus> statuses() {
        TreeSet<MigrationVersion> versions = new TreeSet<>(history.keySet());
        directory.migrations().forEach(migration -> versions.add(migration.version()));
        List<MigrationStatus> statuses = new ArrayList<>();
        for (MigrationVersion version : versions) {
            HistoryEntry entry = history.get(version);
            Optional<Migration> migration = directory.find(version);
            if (entry != null) {
                statuses.add(recorded(entry, migration));
            } else {
                migration.map(this::unrecorded).ifPresent(statuses::add);
            }
        }
        return statuses;
    }

    /** Refuses to continue if the files do not continue the history; the message lists every finding. */
    void requireContinuation() {
        Problems problems = new Problems();
        for (MigrationStatus status : statuses()) {
            String where = directory
                    .find(status.version())
                    .map(migration -> migration.up().name())
                    .orElse("version " + status.version() + " (" + status.description() + ")");
            finding(status).ifPresent(finding -> problems.add(where, finding));
        }
        problems.throwIfAny("Migrations in " + directory.path());
    }

    /** Returns the scripts that bring the databases up to the target, lowest version first. */
    List<ScriptRun> pending(Optional<MigrationVersion> target) {
        return directory.migrations().stream()
                .filter(migration -> target.isEmpty() || migration.version().compareTo(target.get()) <= 0)
                .map(migration -> new ScriptRun(migration, migration.up(), Direction.UP, entry(migration.version())))
                .filter(run -> run.before().isEmpty() || run.isResumed())
                .toList();
    }

    Optional<HistoryEntry> entry(MigrationVersion version) {
        return Optional.ofNullable(history.get(version));
    }

    private MigrationStatus recorded(HistoryEntry entry, Optional<Migration> migration) {
        State state = migration.map(file -> state(entry, file)).orElse(State.MISSING_FILE);
        return new MigrationStatus(
                entry.version(),
                entry.description(),
                entry.side(),
                entry.phase(),
                state,
                entry.executedAt(),
                entry.duration());
    }

    private static State state(HistoryEntry entry, Migration file) {
        return switch (entry.progress()) {
            case DONE -> entry.checksum().equals(file.up().checksum()) ? State.APPLIED : State.EDITED;
            case RUNNING, FAILED -> entry.continuesWith(file.up()) ? State.RUNNING : State.EDITED;
            case REVERTING, REVERT_FAILED ->
                file.down().filter(entry::continuesWith).isPresent() ? State.REVERTING : State.EDITED;
        };
    }

    private MigrationStatus unrecorded(Migration migration) {
        boolean late = !history.isEmpty()
                && migration.version().compareTo(history.lastEntry().getKey()) < 0;
        return new MigrationStatus(
                migration.version(),
                migration.description(),
                migration.side(),
                migration.phase(),
                late ? State.OUT_OF_ORDER : State.PENDING,
                Optional.empty(),
                Optional.empty());
    }

    private Optional<String> finding(MigrationStatus status) {
        return switch (status.state()) {
            case PENDING, APPLIED, RUNNING -> Optional.empty();
            case EDITED -> Optional.of(edited(status.version()));
            case REVERTING ->
                Optional.of("it is half reverted. Finish that with `crossfade migrate down`, then run `up` again.");
            case MISSING_FILE ->
                Optional.of("it was applied, and its file is gone. Restore V%s__….up.sql from version control."
                        .formatted(status.version()));
            case OUT_OF_ORDER ->
                Optional.of("it is not applied, and the higher version %s is. Give it a version above that."
                        .formatted(history.lastEntry().getKey()));
        };
    }

    private String edited(MigrationVersion version) {
        HistoryEntry entry = entry(version).orElseThrow();
        return entry.progress() == Progress.DONE
                ? "it was changed after it had been applied. Restore the file, and make the change in a new migration."
                : "its first %s statements have run and were changed since. Restore them; what follows them may be corrected."
                        .formatted(entry.statementsDone());
    }
}
