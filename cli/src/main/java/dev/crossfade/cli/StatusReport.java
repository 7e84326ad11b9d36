package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.cli.Table.Cell;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.verify.SweepCycle;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where everything stands.
 *
 * @param databases the databases of the sides
 * @param mapping what the mapping file says
 * @param entities the known entities, by name
 * @param installed whether there is a control schema
 * @param unknown what is queued of entities that have no stage here; nothing works on that
 */
record StatusReport(
        boolean installed,
        List<Database> databases,
        MappingState mapping,
        List<Entity> entities,
        List<Stranger> unknown)
        implements Report {

    static final String INSTALLED = "installed";
    static final String INCOMPLETE = "incomplete";
    static final String LEFT_OVER = "left over";

    /**
     * A side's database.
     *
     * @param server the server's version, null if it cannot be reached
     * @param intentBytes the size of its table of intents, null if it cannot be reached
     * @param problem why it cannot be used, null if it can
     */
    record Database(
            String side,
            String location,
            @Nullable String server,
            @Nullable Long intentBytes,
            @Nullable String problem) {

        String text() {
            return server == null
                    ? ""
                    : "PostgreSQL " + server
                            + (intentBytes == null ? "" : ", intents take up " + Wording.bytes(intentBytes));
        }
    }

    /** An entity that something is queued of and that has no stage: a newer instance's, or one that is gone. */
    record Stranger(String entity, IntentCount backlog, MissedCount missedWrites) {}

    /**
     * The mapping file.
     *
     * @param file its path
     * @param problem why it, or a part of it, cannot be used, null if it can or is not there
     * @param leftOut the entities that cannot be worked on, none where no other can
     * @param warnings how many findings somebody should look at; rows are not written for a trial here
     * @param firstWarnings the first of them, one line each
     */
    record MappingState(
            String file,
            boolean present,
            @Nullable String problem,
            List<String> leftOut,
            int warnings,
            List<String> firstWarnings) {

        /** Returns the state of a file of which nothing more is known. */
        static MappingState unread(String file, boolean present, @Nullable String problem) {
            return new MappingState(file, present, problem, List.of(), 0, List.of());
        }

        private String trouble() {
            return leftOut.isEmpty() ? " cannot be used" : " cannot be used for " + String.join(", ", leftOut);
        }
    }

    /**
     * One entity.
     *
     * @param contracted how its legacy structures went, null while it has them
     * @param frozen why nothing is applied, repaired or moved, null if it is
     * @param movesWith the entities that are used in one transaction with it, so that their authority moves together
     * @param stranded intents that nobody works off in the present stage: of a side that does not decide, or without a
     *     mirror
     * @param sweep the last finished pass of the sweep, null if there was none
     * @param capture whether capture is installed: {@code installed}, {@code incomplete}, {@code left over} of a
     *     contracted entity, null if it is not
     * @param liveInstances how many live instances serve it
     * @param behind names of those that have not applied its stage
     */
    record Entity(
            String entity,
            String stage,
            long epoch,
            @Nullable Contracted contracted,
            @Nullable String frozen,
            List<String> movesWith,
            IntentCount backlog,
            long stranded,
            MissedCount missedWrites,
            @Nullable BackfillState backfill,
            @Nullable VerificationState verification,
            @Nullable SweepState sweep,
            @Nullable String capture,
            int liveInstances,
            List<String> behind) {}

    /**
     * The end of an entity's migration.
     *
     * @param migrations the versions of the contract migrations
     */
    record Contracted(List<String> migrations, OffsetDateTime at) {

        static Contracted of(Contraction contraction) {
            return new Contracted(contraction.versions(), contraction.at());
        }
    }

    /**
     * The intents of an entity.
     *
     * @param oldestSeconds age of the oldest, null if there is none
     */
    record IntentCount(long intents, @Nullable Double oldestSeconds) {

        static IntentCount of(Backlog backlog) {
            return new IntentCount(backlog.count(), backlog.count() == 0 ? null : backlog.oldestSeconds());
        }

        String text() {
            return oldestSeconds == null
                    ? Wording.count(intents)
                    : "%s, oldest %s".formatted(Wording.count(intents), Wording.duration(Duration.ofMillis((long)
                            (oldestSeconds * 1000))));
        }
    }

    /**
     * The missed writes of an entity.
     *
     * @param parked how many of them wait for an operator
     * @param waiting how many of them wait for a row that they refer to
     * @param oldestSeconds for how long the oldest has been missed, null if there is none
     */
    record MissedCount(
            long count, long parked, long waiting, @Nullable Double oldestSeconds) {

        static MissedCount of(Tally tally) {
            return new MissedCount(
                    tally.count(), tally.parked(), tally.waiting(), tally.count() == 0 ? null : tally.oldestSeconds());
        }

        Cell cell() {
            if (oldestSeconds == null) {
                return Table.cell(Wording.count(count), Tone.PLAIN);
            }
            List<String> parts = new ArrayList<>();
            if (parked > 0) {
                parts.add(Wording.count(parked) + " parked");
            }
            if (waiting > 0) {
                parts.add(Wording.count(waiting) + " waiting");
            }
            parts.add("oldest " + Wording.duration(Duration.ofMillis((long) (oldestSeconds * 1000))));
            return Table.cell("%s (%s)".formatted(Wording.count(count), String.join(", ", parts)), Tone.BAD);
        }
    }

    /** How far a backfill is. */
    record BackfillState(
            String state,
            long rowsRead,
            long rowsTotal,
            int percent,
            @Nullable OffsetDateTime finishedAt) {

        String text() {
            return finishedAt == null
                    ? "%s%% of %s".formatted(percent, Wording.count(rowsTotal))
                    : "done " + Wording.moment(finishedAt);
        }
    }

    /** The last verification. */
    record VerificationState(
            String state,
            OffsetDateTime startedAt,
            @Nullable OffsetDateTime finishedAt,
            long rowsCompared,
            long differences) {

        Cell cell() {
            if (finishedAt == null) {
                return Table.cell("unfinished since " + Wording.moment(startedAt), Tone.WARNING);
            }
            return differences == 0
                    ? Table.cell("equal " + Wording.moment(finishedAt), Tone.GOOD)
                    : Table.cell(
                            "%s differences %s".formatted(Wording.count(differences), Wording.moment(finishedAt)),
                            Tone.BAD);
        }
    }

    /**
     * The last finished pass of the sweep.
     *
     * @param found differences that nothing explained
     * @param foundPerMillion how many of them there were in a million rows compared
     * @param repaired how many of them are gone
     * @param heldBack how many of them were not repaired, as that would have deleted or overwritten too many rows
     */
    record SweepState(
            @Nullable OffsetDateTime finishedAt,
            long rowsCompared,
            long found,
            double foundPerMillion,
            long repaired,
            long heldBack) {

        static SweepState of(SweepCycle pass) {
            return new SweepState(
                    pass.finishedAt(),
                    pass.rowsCompared(),
                    pass.found(),
                    pass.foundPerMillion(),
                    pass.repaired(),
                    pass.heldBack());
        }

        Cell cell() {
            String when = finishedAt == null ? "" : Wording.moment(finishedAt);
            return found == 0
                    ? Table.cell("clean " + when, Tone.GOOD)
                    : Table.cell(
                            "%s found (%s per million) %s"
                                    .formatted(Wording.count(found), Wording.count(Math.round(foundPerMillion)), when),
                            Tone.BAD);
        }
    }

    boolean hasTrouble() {
        return mapping.problem() != null
                || entities.stream().anyMatch(entity -> entity.frozen() != null)
                || databases.stream().anyMatch(database -> database.problem() != null);
    }

    @Override
    public void print(Page page) {
        for (Database database : databases) {
            page.line(
                    "%-7s %s %s",
                    database.side(),
                    database.location(),
                    database.problem() == null
                            ? page.paint(database.text(), Tone.FAINT)
                            : page.paint("cannot be used", Tone.BAD));
        }
        page.line(
                "%-7s %s%s",
                "mapping",
                mapping.file(),
                mapping.problem() != null
                        ? page.paint(mapping.trouble(), Tone.BAD)
                        : mapping.present() ? "" : page.paint(" not there", Tone.WARNING));
        if (mapping.warnings() > 0) {
            page.line(
                    "        %s",
                    page.paint(
                            "%s: `crossfade check` shows %s, and the remedy"
                                    .formatted(
                                            mapping.warnings() == 1
                                                    ? "1 warning"
                                                    : Wording.count(mapping.warnings()) + " warnings",
                                            mapping.warnings() == 1 ? "it" : "them"),
                            Tone.WARNING));
            mapping.firstWarnings().forEach(warning -> page.line("        %s", warning));
        }
        page.gap();
        unknown.forEach(one -> page.line(
                "%s",
                page.paint(
                        "%s has no stage here, and nothing works on what is queued of it: %s intents, %s missed writes."
                                .formatted(
                                        one.entity(),
                                        one.backlog().text(),
                                        one.missedWrites().cell().text()),
                        Tone.WARNING)));
        entities.forEach(entity -> printTroubles(page, entity));
        if (!installed) {
            page.line(
                    "Crossfade is not installed here, and nothing was changed. Start the service, or run `crossfade install`; if it was installed, its schema is lost: restore it. What is wrong with the mapping file is told by `crossfade check`.");
            return;
        }
        if (entities.isEmpty()) {
            page.line("No entity is known yet. Write %s, or start a service.", mapping.file());
            return;
        }
        Table table = new Table(
                "ENTITY", "STAGE", "BACKLOG", "MISSED", "BACKFILL", "VERIFIED", "SWEPT", "CAPTURE", "INSTANCES");
        for (Entity entity : entities) {
            table.row(
                    entity.entity(),
                    stage(entity),
                    entity.backlog().text(),
                    entity.missedWrites().cell(),
                    entity.backfill() == null ? "-" : entity.backfill().text(),
                    entity.verification() == null ? "-" : entity.verification().cell(),
                    entity.sweep() == null ? "-" : entity.sweep().cell(),
                    entity.capture() == null
                            ? Table.cell("-", Tone.PLAIN)
                            : Table.cell(entity.capture(), entity.capture().equals(INCOMPLETE) ? Tone.BAD : Tone.PLAIN),
                    instances(entity));
        }
        page.table(table);
        printGroups(page);
    }

    private void printGroups(Page page) {
        Set<Set<String>> groups = new LinkedHashSet<>();
        for (Entity entity : entities) {
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
}
