package dev.crossfade.benchmarks.accounts;

import dev.crossfade.Crossfade;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Stage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Moves the entities of a newly started service to the stages that a suite measures.
 *
 * @param crossfade the service
 * @param databases its databases
 */
public record StageMoves(Crossfade crossfade, Databases databases) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Author AUTHOR = new Author("benchmark", "the stage that is measured");

    /** Moves entities from {@code LEGACY_ONLY}, step by step. Gates are forced, because nothing is verified. */
    public void move(Map<String, Stage> targets) throws InterruptedException {
        for (Stage stage : Arrays.asList(Stage.values()).subList(1, Stage.values().length)) {
            List<String> entities = targets.entrySet().stream()
                    .filter(target -> target.getValue().compareTo(stage) >= 0)
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
            if (!entities.isEmpty()) {
                crossfade.stages().change(new Request(entities, stage, AUTHOR, true));
                awaitAcknowledged();
            }
        }
    }

    /** Moves one entity by a step, by force, and waits until the service has applied it. */
    public void step(String entity, Stage to) throws InterruptedException {
        crossfade.stages().change(new Request(List.of(entity), to, AUTHOR, true));
        awaitAcknowledged();
    }

    /**
     * Moves one entity by a step as soon as its gates are open, and waits until the service has applied it.
     *
     * @throws RefusedException if a gate is still closed when the time is up
     */
    public void pass(String entity, Stage to, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Request request = new Request(List.of(entity), to, AUTHOR, false);
        while (!isMade(request, deadline)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        awaitAcknowledged();
    }

    private boolean isMade(Request request, long deadline) {
        try {
            crossfade.stages().change(request);
            return true;
        } catch (RefusedException e) {
            if (System.nanoTime() > deadline) {
                throw e;
            }
            return false;
        }
    }

    private void awaitAcknowledged() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isAcknowledged()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The service has not acknowledged its stages after " + PATIENCE.toSeconds() + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private boolean isAcknowledged() {
        Map<String, Standing> standings = AuthorityTable.all(databases.controlDsl());
        return new Fleet(databases.controlDsl())
                .live().stream()
                        .allMatch(member -> member.acknowledged().entrySet().stream()
                                .allMatch(ack -> ack.getValue()
                                        >= Objects.requireNonNull(standings.get(ack.getKey()))
                                                .epoch()));
    }
}
