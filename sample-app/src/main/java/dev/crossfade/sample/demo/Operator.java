package dev.crossfade.sample.demo;

import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;

import dev.crossfade.Crossfade;
import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.backfill.Progress;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageLog;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.schema.SchemaListener;
import dev.crossfade.schema.SchemaRunner;
import dev.crossfade.schema.SchemaSettings;
import dev.crossfade.schema.StageGate;
import dev.crossfade.schema.file.MigrationDirectory;
import dev.crossfade.schema.file.MigrationVersion;
import dev.crossfade.verify.Verification;
import dev.crossfade.verify.VerificationListener;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Does what an operator does at the command line, through the same classes: migrate, move stages, backfill, verify. It
 * retries what a gate refuses or an outage interrupts, until the deadline.
 */
final class Operator {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int WHOLE = 1000;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final Databases databases;
    private final Crossfade crossfade;
    private final List<TableMapping> mappings;
    private final LiveView view;

    /**
     * Creates an operator.
     *
     * @param mappings both entities, parents first
     */
    Operator(Databases databases, Crossfade crossfade, List<TableMapping> mappings, LiveView view) {
        this.databases = databases;
        this.crossfade = crossfade;
        this.mappings = mappings;
        this.view = view;
    }

    /** Returns how many rows all backfills have copied, including interrupted ones. */
    long backfilledRows() {
        return databases
                .controlDsl()
                .select(coalesce(sum(field(name("rows_written"), Long.class)), BigDecimal.ZERO))
                .from(table(name("crossfade", "backfill")))
                .fetchSingle(row -> row.value1().longValueExact());
    }

    /** Applies the migrations up to a version. */
    void migrate(MigrationDirectory migrations, MigrationVersion version) {
        SchemaRunner runner = new SchemaRunner(
                databases, migrations, new StageGate(databases), SchemaSettings.DEFAULTS, SchemaListener.silent());
        patiently(() -> runner.up(version))
                .forEach(run -> view.event("migrated: V%s %s, %s (%d ms)"
                        .formatted(
                                run.migration().version(),
                                run.migration().description(),
                                run.migration().phase().label(),
                                run.duration().toMillis())));
    }

    /** Moves both entities together, because their records share transactions. */
    void moveTo(Stage stage) {
        view.activity("moving to " + stage.label());
        List<String> entities = mappings.stream().map(TableMapping::entity).toList();
        StageChanger.Request request =
                new StageChanger.Request(entities, stage, new StageLog.Author("demo", null), false);
        // A run of a minute has no time for a ramp; a real service would start with a few per mille.
        patiently(() -> crossfade.stages().change(stage == Stage.MODERN_READ ? request.ramped(WHOLE) : request));
        view.event("stage: " + stage.label());
    }

    /** Copies the rows that existed before dual writing began. */
    void backfill() {
        for (TableMapping mapping : mappings) {
            BackfillListener listener = new BackfillListener() {
                @Override
                public void waiting(String entity, String reason) {
                    view.activity("backfill of " + entity + " waits: " + reason);
                }

                @Override
                public void batchCopied(Progress progress) {
                    view.progress(
                            "backfill of " + progress.entity(),
                            progress.rowsDone(),
                            progress.rowsTotal(),
                            progress.remaining().orElse(Duration.ZERO));
                }
            };
            long before = backfilledRows();
            Backfill backfill = new Backfill(databases, mapping, Backfill.Settings.DEFAULTS, listener);
            patiently(backfill::run);
            view.event("backfilled: %,d rows of %s".formatted(backfilledRows() - before, mapping.entity()));
        }
    }

    /** Compares both sides of both entities. */
    void verify() {
        for (TableMapping mapping : mappings) {
            long start = System.nanoTime();
            VerificationListener listener = new VerificationListener() {
                @Override
                public void progressed(long done, long total) {
                    long nanos = System.nanoTime() - start;
                    Duration left = Duration.ofNanos((long) (nanos * (double) (total - done) / Math.max(1, done)));
                    view.progress("verification of " + mapping.entity(), done, total, left);
                }
            };
            Verification verification = new Verification(databases, mapping, listener);
            Verification.Report report = patiently(() -> {
                Verification.Report found = verification.run(false);
                if (found.differenceCount() > 0) {
                    view.event("verified: %s, %,d records differ; looking again once the worker has been at them"
                            .formatted(mapping.entity(), found.differenceCount()));
                    throw new RefusedException(
                            "%,d records of %s differ.".formatted(found.differenceCount(), mapping.entity()));
                }
                return found;
            });
            view.event("verified: %,d rows of %s are equal".formatted(report.rowsCompared(), mapping.entity()));
        }
    }

    /**
     * Waits until nothing is left for the mirror, in the service's memory, as an intent, or as a missed write. Call it
     * only while nobody writes.
     */
    void awaitLevel() {
        view.activity("waiting for the last mirror writes");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String left = backlog();
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new CrossfadeException(
                        "The backlog was not worked off within %d s: %s".formatted(PATIENCE.toSeconds(), left));
            }
            Pause.of(BETWEEN_TRIES);
            left = backlog();
        }
    }

    private String backlog() {
        List<String> left = new ArrayList<>();
        MissedWrites missedWrites = new MissedWrites(databases.controlDsl());
        for (TableMapping mapping : mappings) {
            String entity = mapping.entity();
            Side authority = crossfade.stages().standing(entity).stage().authority();
            int pending = crossfade.pending(entity);
            int intents = Intents.count(databases.dsl(authority), entity);
            int missed = missedWrites.count(entity);
            if (pending + intents + missed > 0) {
                left.add("%s has %d pending keys, %d intents, %d missed writes"
                        .formatted(entity, pending, intents, missed));
            }
        }
        return String.join("; ", left);
    }

    private static <T> T patiently(Supplier<T> command) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return command.get();
            } catch (RefusedException | UnavailableException e) {
                if (System.nanoTime() > deadline) {
                    throw new CrossfadeException(
                            "Tried for %d s: %s".formatted(PATIENCE.toSeconds(), e.getMessage()), e);
                }
                Pause.of(BETWEEN_TRIES);
            }
        }
    }
}
