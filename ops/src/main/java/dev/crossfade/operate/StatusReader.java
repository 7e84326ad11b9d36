package dev.crossfade.operate;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.EntityGroups.Group;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.fleet.Fleet.Member;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.operate.report.StatusReport;
import dev.crossfade.operate.report.StatusReport.BackfillState;
import dev.crossfade.operate.report.StatusReport.Contracted;
import dev.crossfade.operate.report.StatusReport.Database;
import dev.crossfade.operate.report.StatusReport.Entity;
import dev.crossfade.operate.report.StatusReport.IntentCount;
import dev.crossfade.operate.report.StatusReport.MappingState;
import dev.crossfade.operate.report.StatusReport.MissedCount;
import dev.crossfade.operate.report.StatusReport.Stranger;
import dev.crossfade.operate.report.StatusReport.SweepState;
import dev.crossfade.operate.report.StatusReport.VerificationState;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.MissedWrites.Tally;
import dev.crossfade.settings.DatabaseSettings;
import dev.crossfade.settings.Settings;
import dev.crossfade.verify.SweepCycle;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** Gathers the state of everything from the control tables. */
public final class StatusReader {

    private static final Field<String> ENTITY = field(name("entity"), String.class);
    private static final Field<String> STATE = field(name("state"), String.class);
    private static final Field<OffsetDateTime> STARTED_AT = field(name("started_at"), OffsetDateTime.class);
    private static final Field<OffsetDateTime> FINISHED_AT = field(name("finished_at"), OffsetDateTime.class);

    private final OperatorSession session;

    public StatusReader(OperatorSession session) {
        this.session = session;
    }

    public StatusReport read() {
        MappingState mapping = mapping();
        List<Database> databases = databases();
        Map<String, Fence> standings = new TreeMap<>(AuthorityTable.fences(session.control()));
        QueueReader queue = new QueueReader(session);
        Map<String, Backlog> backlogs = queue.backlogs();
        Map<String, Long> stranded = queue.stranded(standings);
        Map<String, Tally> missed = new MissedWrites(session.control()).tallies();
        Map<String, BackfillState> backfills = backfills();
        Map<String, VerificationState> verifications = verifications();
        Map<String, Contraction> contractions = session.contractions();
        Map<String, String> captures = captures(contractions.keySet());
        Map<String, SweepCycle> sweeps = SweepCycle.lastFinished(session.control());
        List<Member> fleet = new Fleet(session.control()).live();
        List<Group> groups = new EntityGroups(session.control())
                .inForce(session.settings().gates().togetherWithin());
        List<Entity> entities = new ArrayList<>();
        standings.forEach((entity, fence) -> {
            Standing standing = fence.standing();
            Optional<Contraction> contraction = Optional.ofNullable(contractions.get(entity));
            List<Member> serving = fleet.stream()
                    .filter(member -> member.acknowledged().containsKey(entity))
                    .toList();
            entities.add(new Entity(
                    entity,
                    standing.stage().label(),
                    standing.epoch(),
                    contraction.map(Contracted::of).orElse(null),
                    // Nothing of a contracted entity is applied, repaired or moved, frozen or not.
                    fence.frozen().filter(reason -> contraction.isEmpty()).orElse(null),
                    List.copyOf(EntityGroups.movingWith(entity, groups)),
                    IntentCount.of(backlogs.getOrDefault(entity, Backlog.NONE)),
                    stranded.getOrDefault(entity, 0L),
                    MissedCount.of(missed.getOrDefault(entity, Tally.NONE)),
                    backfills.get(entity),
                    verifications.get(entity),
                    Optional.ofNullable(sweeps.get(entity)).map(SweepState::of).orElse(null),
                    captures.get(entity),
                    serving.size(),
                    serving.stream()
                            .filter(member -> member.acknowledged().getOrDefault(entity, 0L) < standing.epoch())
                            .map(member -> member.instance().name())
                            .toList()));
        });
        return new StatusReport(true, databases, mapping, entities, strangers(standings.keySet(), backlogs, missed));
    }

    /** Returns the report where there is no control schema. */
    public static StatusReport notInstalled(Settings settings) {
        List<Database> databases = new ArrayList<>();
        databases.add(new Database(Side.LEGACY.label(), settings.legacy().location(), null, null, null));
        settings.modern()
                .ifPresent(modern ->
                        databases.add(new Database(Side.MODERN.label(), modern.location(), null, null, null)));
        MappingState mapping =
                MappingState.unread(settings.mapping().toString(), Files.isRegularFile(settings.mapping()), null);
        return new StatusReport(false, databases, mapping, List.of(), List.of());
    }

    private static List<Stranger> strangers(
            Set<String> known, Map<String, Backlog> backlogs, Map<String, Tally> missed) {
        Set<String> unknown = new TreeSet<>(backlogs.keySet());
        unknown.addAll(missed.keySet());
        unknown.removeAll(known);
        return unknown.stream()
                .map(entity -> new Stranger(
                        entity,
                        IntentCount.of(backlogs.getOrDefault(entity, Backlog.NONE)),
                        MissedCount.of(missed.getOrDefault(entity, Tally.NONE))))
                .toList();
    }

    /**
     * Returns the state of capture by entity. The triggers of a contracted entity went with the legacy table, and what
     * is left does nothing.
     */
    private Map<String, String> captures(Set<String> contracted) {
        Map<String, String> captures = new HashMap<>();
        new QueueReader(session)
                .captures()
                .forEach(state -> captures.merge(
                        state.entity(),
                        contracted.contains(state.entity())
                                ? StatusReport.LEFT_OVER
                                : state.isWhole() ? StatusReport.INSTALLED : StatusReport.INCOMPLETE,
                        (one, other) -> one.equals(other) ? one : StatusReport.INCOMPLETE));
        return captures;
    }

    private Map<String, BackfillState> backfills() {
        Field<Long> read = field(name("rows_read"), Long.class);
        Field<Long> total = field(name("rows_total"), Long.class);
        return session.control()
                .select(ENTITY, STATE, read, total, FINISHED_AT)
                .from(control("backfill"))
                .fetchMap(
                        ENTITY,
                        row -> new BackfillState(
                                row.value2(),
                                row.value3(),
                                row.value4(),
                                percent(row.value3(), row.value4(), row.value5()),
                                row.value5()));
    }

    /** Returns the progress. The total is an estimate: only the end is 100 per cent. */
    private static int percent(long read, long total, @Nullable OffsetDateTime finishedAt) {
        return finishedAt != null ? 100 : total <= 0 ? 0 : (int) Math.min(99, read * 100 / total);
    }

    private Map<String, VerificationState> verifications() {
        Field<Long> compared = field(name("rows_compared"), Long.class);
        Field<Long> differences = field(name("differences"), Long.class);
        return session.control()
                .select(ENTITY, STATE, STARTED_AT, FINISHED_AT, compared, differences)
                .distinctOn(ENTITY)
                .from(control("verification"))
                .orderBy(ENTITY, field(name("id")).desc())
                .fetchMap(
                        ENTITY,
                        row -> new VerificationState(
                                row.value2(), row.value3(), row.value4(), row.value5(), row.value6()));
    }

    private List<Database> databases() {
        List<Database> databases = new ArrayList<>();
        databases.add(database(Side.LEGACY, session.settings().legacy()));
        session.settings().modern().ifPresent(modern -> databases.add(database(Side.MODERN, modern)));
        return databases;
    }

    private Database database(Side side, DatabaseSettings settings) {
        @Nullable
        String problem = side == Side.LEGACY
                ? null
                : session.modernTrouble().map(UnavailableException::getMessage).orElse(null);
        return new Database(
                side.label(),
                settings.location(),
                session.version(side).orElse(null),
                new QueueReader(session).intentBytes(side),
                problem);
    }

    /** Reads the mapping file, which registers its entities. Errors in it do not keep the rest from being shown. */
    private MappingState mapping() {
        String file = session.settings().mapping().toString();
        if (!session.hasMappingFile()) {
            return MappingState.unread(file, false, null);
        }
        if (session.modernTrouble().isPresent()) {
            return MappingState.unread(file, true, null);
        }
        try {
            EntityMappings known = session.known();
            List<String> leftOut = known.usable().isEmpty()
                    ? List.of()
                    : List.copyOf(known.leftOut().keySet());
            List<String> warnings = known.warningLines();
            return new MappingState(
                    file,
                    true,
                    known.problem().orElse(null),
                    leftOut,
                    warnings.size(),
                    warnings.stream().limit(EntityMappings.SHOWN).toList());
        } catch (CrossfadeException e) {
            return MappingState.unread(file, true, e.getMessage());
        }
    }

    private static Table<Record> control(String table) {
        return table(name("crossfade", table));
    }
}
