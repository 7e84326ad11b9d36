package dev.crossfade.cli.rows;

import dev.crossfade.cli.terminal.ProgressLine;
import dev.crossfade.operate.report.Wording;
import dev.crossfade.verify.VerificationListener;

/** Shows on the terminal's progress line how far the comparison of an entity is, and what it waits for. */
record ComparisonProgress(String entity, ProgressLine line) implements VerificationListener {

    @Override
    public void waiting(String waitingEntity, String reason) {
        line.show("%s waits: %s".formatted(waitingEntity, reason));
    }

    @Override
    public void progressed(long rowsDone, long rowsTotal) {
        line.show("%s  %s of %s rows compared (%s)"
                .formatted(
                        entity, Wording.count(rowsDone), Wording.count(rowsTotal), Wording.share(rowsDone, rowsTotal)));
    }
}
