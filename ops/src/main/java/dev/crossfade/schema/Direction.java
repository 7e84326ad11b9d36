package dev.crossfade.schema;

/** Says which file of a migration is run, and how its progress is recorded. */
enum Direction {
    UP(Progress.RUNNING, Progress.FAILED),
    DOWN(Progress.REVERTING, Progress.REVERT_FAILED);

    private final Progress running;
    private final Progress failed;

    Direction(Progress running, Progress failed) {
        this.running = running;
        this.failed = failed;
    }

    public Progress running() {
        return running;
    }

    public Progress failed() {
        return failed;
    }

    /** Tells whether a run in this direction has started and not ended. */
    public boolean isUnfinished(HistoryEntry entry) {
        return entry.progress() == running || entry.progress() == failed;
    }
}
