package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.cli.Table.Cell;
import dev.crossfade.verify.SweepCycle;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where everything stands.
 *
 * @param databases the databases of the sides
 * @param mapping what the mapping file says
 * @param entities the known entities, by name
 */
record StatusReport(List<Database> databases, MappingState mapping, List<Entity> entities) implements Report {

    /**
     * A side's database.
     *
     * @param server the server's version, null if it cannot be reached
     * @param problem why it cannot be used, null if it can
     */
    record Database(
            String side,
            String location,
            @Nullable String server,
            @Nullable String problem) {}

    /**
     * The mapping file.
     *
     * @param file its path
     * @param problem why it cannot be used, null if it can or is not there
     */
    record MappingState(
            String file, boolean present, @Nullable String problem) {}

    /**
     * One entity.
     *
     * @param sweep the last finished pass of the sweep, null if there was none
     * @param liveInstances how many live instances serve it
     * @param behind names of those that have not applied its stage
     */
    record Entity(
            String entity,
            String stage,
            long epoch,
            Backlog backlog,
            MissedCount missedWrites,
            @Nullable BackfillState backfill,
            @Nullable VerificationState verification,
            @Nullable SweepState sweep,
            int liveInstances,
            List<String> behind) {}

    /**
     * The intents of an entity.
     *
     * @param oldestSeconds age of the oldest, null if there is none
     */
    record Backlog(long intents, @Nullable Double oldestSeconds) {

        String text() {
            return oldestSeconds == null
                    ? Wording.count(intents)
                    : "%s, oldest %s".formatted(Wording.count(intents), Wording.duration(Duration.ofMillis((long)
                            (oldestSeconds * 1000))));
        }
    }

    /** The missed writes of an entity, and how many of them are parked. */
    record MissedCount(long count, long parked) {

        Cell cell() {
            String text = parked == 0
                    ? Wording.count(count)
                    : "%s (%s parked)".formatted(Wording.count(count), Wording.count(parked));
            return Table.cell(text, count == 0 ? Tone.PLAIN : Tone.BAD);
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
                    ? "%d%% of %s".formatted(percent, Wording.count(rowsTotal))
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
     */
    record SweepState(
            @Nullable OffsetDateTime finishedAt, long rowsCompared, long found, double foundPerMillion, long repaired) {

        static SweepState of(SweepCycle pass) {
            return new SweepState(
                    pass.finishedAt(), pass.rowsCompared(), pass.found(), pass.foundPerMillion(), pass.repaired());
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
        return mapping.problem() != null || databases.stream().anyMatch(database -> database.problem() != null);
    }

    @Override
    public void print(Page page) {
        for (Database database : databases) {
            page.line(
                    "%-7s %s %s",
                    database.side(),
                    database.location(),
                    database.problem() == null
                            ? page.paint("PostgreSQL " + database.server(), Tone.FAINT)
                            : page.paint("cannot be used", Tone.BAD));
        }
        page.line(
                "%-7s %s%s",
                "mapping",
                mapping.file(),
                mapping.problem() != null
                        ? page.paint(" cannot be used", Tone.BAD)
                        : mapping.present() ? "" : page.paint(" not there", Tone.WARNING));
        page.gap();
        if (entities.isEmpty()) {
            page.line("No entity is known yet. Write %s, or start a service.", mapping.file());
            return;
        }
        Table table = new Table("ENTITY", "STAGE", "BACKLOG", "MISSED", "BACKFILL", "VERIFIED", "SWEPT", "INSTANCES");
        for (Entity entity : entities) {
            table.row(
                    entity.entity(),
                    Table.cell(entity.stage(), Tone.TITLE),
                    entity.backlog().text(),
                    entity.missedWrites().cell(),
                    entity.backfill() == null ? "-" : entity.backfill().text(),
                    entity.verification() == null ? "-" : entity.verification().cell(),
                    entity.sweep() == null ? "-" : entity.sweep().cell(),
                    instances(entity));
        }
        page.table(table);
    }

    private static Cell instances(Entity entity) {
        return entity.behind().isEmpty()
                ? Table.cell(entity.liveInstances() + " live", Tone.PLAIN)
                : Table.cell(
                        "%d live, behind: %s"
                                .formatted(
                                        entity.liveInstances(),
                                        entity.behind().stream().collect(Collectors.joining(", "))),
                        Tone.WARNING);
    }
}
