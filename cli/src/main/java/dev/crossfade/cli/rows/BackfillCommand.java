package dev.crossfade.cli.rows;

import dev.crossfade.backfill.Backfill;
import dev.crossfade.backfill.BackfillListener;
import dev.crossfade.backfill.Progress;
import dev.crossfade.cli.invocation.EachEntity;
import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.ProgressLine;
import dev.crossfade.cli.terminal.Termination;
import dev.crossfade.operate.EntityMappings;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.report.BackfillReport;
import dev.crossfade.operate.report.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies the rows that entities had before their writes were mirrored. */
@Command(
        name = "backfill",
        description = {
            "Copies the rows that were there before dual writing began, parents first, under traffic.",
            "Ctrl-C ends it after the batch in hand; the same command goes on where it stopped. Exits with 1 if it was "
                    + "ended so, or if rows did not fit the modern table (see `crossfade queue list`)."
        },
        footer = {
            "  crossfade backfill user order",
            "  crossfade backfill user --batch-rows 5000 --rows-per-second 20000"
        })
public final class BackfillCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(arity = "1..*", paramLabel = "ENTITY", description = "The entities.")
    private List<String> entities = List.of();

    @Option(names = "--batch-rows", paramLabel = "ROWS", description = "Rows in a transaction (1000).")
    private int batchRows = Backfill.Settings.DEFAULTS.batchRows();

    @Option(
            names = "--rows-per-second",
            paramLabel = "ROWS",
            description = "The highest rate; 0 for no limit (default).")
    private int rowsPerSecond = Backfill.Settings.DEFAULTS.rowsPerSecond();

    public BackfillCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Backfill.Settings settings = new Backfill.Settings(batchRows, rowsPerSecond);
        try (OperatorSession session = invocation.openToChange("backfill")) {
            session.requireOwnSessions("backfill");
            AtomicReference<@Nullable Backfill> running = new AtomicReference<>();
            List<Backfill.Result> results = new ArrayList<>();
            try (Termination.Registration termination =
                    invocation.shell().termination().calling(() -> stop(running.get()))) {
                EntityMappings wanted = session.mappings(entities);
                wanted.shortWarningLines().forEach(invocation::complain);
                EachEntity each = new EachEntity(invocation, wanted);
                each.run(mapping -> {
                    ProgressLine line = new ProgressLine(invocation.shell().streams());
                    Backfill backfill =
                            new Backfill(session.databases(), mapping, session.mappings(), settings, progress(line));
                    running.set(backfill);
                    if (!termination.isRequested()) {
                        try {
                            results.add(backfill.run());
                        } finally {
                            line.end();
                        }
                    }
                });
                List<String> toCopy = entities.stream()
                        .filter(entity -> !wanted.contracted().containsKey(entity))
                        .toList();
                return each.exit(finish(BackfillReport.of(results, toCopy), termination.isRequested()))
                        .number();
            }
        }
    }

    private ExitCode finish(BackfillReport report, boolean interrupted) {
        invocation.print(report, BackfillText::print);
        if (interrupted && !report.complete()) {
            invocation.say("Interrupted. Give the same command again to go on where it stopped.");
        }
        boolean missed = report.backfills().stream().anyMatch(one -> one.rowsMissed() > 0);
        return report.complete() && !missed ? ExitCode.DONE : ExitCode.PROBLEM;
    }

    private static void stop(@Nullable Backfill backfill) {
        if (backfill != null) {
            backfill.stop();
        }
    }

    private BackfillListener progress(ProgressLine line) {
        return new BackfillListener() {
            @Override
            public void waiting(String entity, String reason) {
                line.show("%s waits: %s".formatted(entity, reason));
            }

            @Override
            public void batchCopied(Progress progress) {
                line.show(text(progress));
            }
        };
    }

    private static String text(Progress progress) {
        return String.format(
                Locale.ROOT,
                "%s  %s of %s rows (%s)  %,.0f rows/s  %s",
                progress.entity(),
                Wording.count(progress.rowsDone()),
                Wording.count(progress.rowsTotal()),
                Wording.share(progress.rowsDone(), progress.rowsTotal()),
                progress.rowsPerSecond(),
                progress.remaining()
                        .map(left -> Wording.duration(left) + " left")
                        .orElse(""));
    }
}
