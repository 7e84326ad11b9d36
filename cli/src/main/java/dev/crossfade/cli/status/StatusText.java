package dev.crossfade.cli.status;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.cli.terminal.Table.Cell;
import dev.crossfade.operate.report.StatusReport;
import dev.crossfade.operate.report.StatusReport.BackfillState;
import dev.crossfade.operate.report.StatusReport.Database;
import dev.crossfade.operate.report.StatusReport.Entity;
import dev.crossfade.operate.report.StatusReport.IntentCount;
import dev.crossfade.operate.report.StatusReport.MappingState;
import dev.crossfade.operate.report.StatusReport.MissedCount;
import dev.crossfade.operate.report.StatusReport.SweepState;
import dev.crossfade.operate.report.StatusReport.VerificationState;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prints a {@link StatusReport} for people. */
final class StatusText {

    private StatusText() {}

    static void print(StatusReport report, Page page) {
        for (Database database : report.databases()) {
            page.line(
                    "%-7s %s %s",
                    database.side(),
                    database.location(),
                    database.problem() == null
                            ? page.paint(text(database), Tone.FAINT)
                            : page.paint("cannot be used", Tone.BAD));
        }
        page.line(
                "%-7s %s%s",
                "mapping",
                report.mapping().file(),
                report.mapping().problem() != null
                        ? page.paint(trouble(report.mapping()), Tone.BAD)
                        : report.mapping().present() ? "" : page.paint(" not there", Tone.WARNING));
        if (report.mapping().warnings() > 0) {
            page.line(
                    "        %s",
                    page.paint(
                            "%s: `crossfade check` shows %s, and the remedy"
                                    .formatted(
                                            report.mapping().warnings() == 1
                                                    ? "1 warning"
                                                    : Wording.count(report.mapping()
                                                                    .warnings()) + " warnings",
                                            report.mapping().warnings() == 1 ? "it" : "them"),
                            Tone.WARNING));
            report.mapping().firstWarnings().forEach(warning -> page.line("        %s", warning));
        }
        page.gap();
        report.unknown()
                .forEach(one -> page.line(
                        "%s",
                        page.paint(
                                "%s has no stage here, and nothing works on what is queued of it: %s intents, %s missed writes."
                                        .formatted(
                                                one.entity(),
                                                text(one.backlog()),
                                                cell(one.missedWrites()).text()),
                                Tone.WARNING)));
        report.entities().forEach(entity -> printTroubles(page, entity));
        if (!report.installed()) {
            page.line(
                    "Crossfade is not installed here, and nothing was changed. Start the service, or run `crossfade install`; if it was installed, its schema is lost: restore it. What is wrong with the mapping file is told by `crossfade check`.");
            return;
        }
        if (report.entities().isEmpty()) {
            page.line(
                    "No entity is known yet. Write %s, or start a service.",
                    report.mapping().file());
            return;
        }
        Table table = new Table(
                "ENTITY", "STAGE", "BACKLOG", "MISSED", "BACKFILL", "VERIFIED", "SWEPT", "CAPTURE", "INSTANCES");
        for (Entity entity : report.entities()) {
            table.row(
                    entity.entity(),
                    stage(entity),
                    text(entity.backlog()),
                    cell(entity.missedWrites()),
                    entity.backfill() == null ? "-" : text(entity.backfill()),
                    entity.verification() == null ? "-" : cell(entity.verification()),
                    entity.sweep() == null ? "-" : cell(entity.sweep()),
                    entity.capture() == null
                            ? Table.cell("-", Tone.PLAIN)
                            : Table.cell(
                                    entity.capture(),
                                    entity.capture().equals(StatusReport.INCOMPLETE) ? Tone.BAD : Tone.PLAIN),
                    instances(entity));
        }
        page.table(table);
        printGroups(report, page);
    }

    private static void printGroups(StatusReport report, Page page) {
        Set<Set<String>> groups = new LinkedHashSet<>();
        for (Entity entity : report.entities()) {
            if (!entity.movesWith().isEmpty()) {
                Set<String> group = new TreeSet<>(entity.movesWith());
                group.add(entity.entity());
                groups.add(group);
            }
        }
        groups.forEach(
                group -> page.line("%s share transactions: their authority moves together.", String.join(", ", group)));
    }

    private static void printTroubles(Page page, Entity entity) {
        if (entity.frozen() != null) {
            page.line(
                    "%s",
                    page.paint(
                            "%s is frozen: %s Nothing is applied, repaired or moved. Run `crossfade recover %s`."
                                    .formatted(entity.entity(), entity.frozen(), entity.entity()),
                            Tone.BAD));
        }
        if (entity.stranded() > 0) {
            page.line(
                    "%s",
                    page.paint(
                            "%s has %s stranded intents: at %s nobody works them off."
                                    .formatted(entity.entity(), Wording.count(entity.stranded()), entity.stage()),
                            Tone.WARNING));
        }
        if (entity.sweep() != null && entity.sweep().heldBack() > 0) {
            page.line(
                    "%s",
                    page.paint(
                            "%s: the last sweep left %s differences, as their repair would delete or overwrite too many rows. Run `crossfade verify %s --dry-run`."
                                    .formatted(
                                            entity.entity(),
                                            Wording.count(entity.sweep().heldBack()),
                                            entity.entity()),
                            Tone.BAD));
        }
    }

    private static Cell stage(Entity entity) {
        if (entity.contracted() != null) {
            return Table.cell("contracted", Tone.GOOD);
        }
        return entity.frozen() == null
                ? Table.cell(entity.stage(), Tone.TITLE)
                : Table.cell(entity.stage() + ", frozen", Tone.BAD);
    }

    private static Cell instances(Entity entity) {
        return entity.behind().isEmpty()
                ? Table.cell(entity.liveInstances() + " live", Tone.PLAIN)
                : Table.cell(
                        "%s live, behind: %s"
                                .formatted(
                                        entity.liveInstances(),
                                        entity.behind().stream().collect(Collectors.joining(", "))),
                        Tone.WARNING);
    }

    private static String text(Database database) {
        return database.server() == null
                ? ""
                : "PostgreSQL " + database.server()
                        + (database.intentBytes() == null
                                ? ""
                                : ", intents take up " + Wording.bytes(database.intentBytes()));
    }

    private static String trouble(MappingState mapping) {
        return mapping.leftOut().isEmpty()
                ? " cannot be used"
                : " cannot be used for " + String.join(", ", mapping.leftOut());
    }

    private static String text(IntentCount count) {
        return Wording.aged(count.intents(), count.oldestSeconds());
    }

    private static Cell cell(MissedCount missed) {
        if (missed.oldestSeconds() == null) {
            return Table.cell(Wording.count(missed.count()), Tone.PLAIN);
        }
        List<String> parts = new ArrayList<>();
        if (missed.parked() > 0) {
            parts.add(Wording.count(missed.parked()) + " parked");
        }
        if (missed.waiting() > 0) {
            parts.add(Wording.count(missed.waiting()) + " waiting");
        }
        parts.add("oldest " + Wording.duration(Duration.ofMillis((long) (missed.oldestSeconds() * 1000))));
        return Table.cell("%s (%s)".formatted(Wording.count(missed.count()), String.join(", ", parts)), Tone.BAD);
    }

    private static String text(BackfillState backfill) {
        return backfill.finishedAt() == null
                ? "%s%% of %s".formatted(backfill.percent(), Wording.count(backfill.rowsTotal()))
                : "done " + Wording.moment(backfill.finishedAt());
    }

    private static Cell cell(VerificationState verification) {
        if (verification.finishedAt() == null) {
            return Table.cell("unfinished since " + Wording.moment(verification.startedAt()), Tone.WARNING);
        }
        return verification.differences() == 0
                ? Table.cell("equal " + Wording.moment(verification.finishedAt()), Tone.GOOD)
                : Table.cell(
                        "%s differences %s"
                                .formatted(
                                        Wording.count(verification.differences()),
                                        Wording.moment(verification.finishedAt())),
                        Tone.BAD);
    }

    private static Cell cell(SweepState sweep) {
        String when = sweep.finishedAt() == null ? "" : Wording.moment(sweep.finishedAt());
        return sweep.found() == 0
                ? Table.cell("clean " + when, Tone.GOOD)
                : Table.cell(
                        "%s found (%s per million) %s"
                                .formatted(
                                        Wording.count(sweep.found()),
                                        Wording.count(Math.round(sweep.foundPerMillion())),
                                        when),
                        Tone.BAD);
    }
}
