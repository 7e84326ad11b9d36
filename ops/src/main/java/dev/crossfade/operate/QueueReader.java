package dev.crossfade.operate;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.CaptureState;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.Databases;
import dev.crossfade.control.VerificationTable;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.operate.report.QueueAction;
import dev.crossfade.operate.report.QueueHistoryReport;
import dev.crossfade.operate.report.QueueKeyReport;
import dev.crossfade.operate.report.QueueReport;
import dev.crossfade.operate.report.QueueReport.EntityBacklog;
import dev.crossfade.operate.report.QueueReport.Missed;
import dev.crossfade.operate.report.StatusReport.IntentCount;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedFilter;
import dev.crossfade.queue.MissedWrites;
import dev.crossfade.queue.QueueActions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Reads what is queued, in every database that can be reached. */
public final class QueueReader {

    /** How many of the last actions on a key are shown. */
    private static final int ACTIONS = 20;

    private final OperatorSession session;

    public QueueReader(OperatorSession session) {
        this.session = session;
    }

    /**
     * Returns what waits for the mirror, the oldest missed write first.
     *
     * @param limit how many missed writes are listed at most
     */
    public QueueReport list(MissedFilter filter, int limit) {
        requireKnown(filter);
        MissedWrites missed = new MissedWrites(session.control());
        List<EntityBacklog> intents = new TreeMap<>(backlogs())
                .entrySet().stream()
                        .filter(one -> filter.entity().map(one.getKey()::equals).orElse(true))
                        .map(one -> new EntityBacklog(
                                one.getKey(),
                                one.getValue().count(),
                                one.getValue().oldestSeconds()))
                        .toList();
        return new QueueReport(
                intents,
                missed.count(filter),
                missed.list(filter, limit).stream().map(Missed::of).toList());
    }

    /** Returns everything known about one key. */
    public QueueKeyReport key(String entity, RecordKey key) {
        requireKnown(MissedFilter.of(entity));
        return new QueueKeyReport(
                entity,
                key.values(),
                IntentCount.of(intents(entity, key)),
                new MissedWrites(session.control())
                        .list(MissedFilter.of(entity, key), 1).stream()
                                .map(Missed::of)
                                .findFirst()
                                .orElse(null),
                difference(entity, key).orElse(null),
                new QueueActions(session.control())
                        .on(entity, key, ACTIONS).stream().map(QueueAction::of).toList());
    }

    /** Returns operators' actions on missed writes, of one entity or of all, the newest first. */
    public QueueHistoryReport history(Optional<String> entity, int limit) {
        return new QueueHistoryReport(new QueueActions(session.control())
                .last(entity, limit).stream().map(QueueAction::of).toList());
    }

    /**
     * Makes sure that the named entity is known here, by its stage or because something of it is queued: a newer
     * instance may have left that.
     */
    void requireKnown(MissedFilter filter) {
        filter.entity()
                .filter(entity -> !queued().contains(entity))
                .ifPresent(entity -> session.requireKnown(List.of(entity)));
    }

    /** Returns the entities that have something queued, including those unknown here. */
    public Set<String> queued() {
        Set<String> entities =
                new TreeSet<>(new MissedWrites(session.control()).tallies().keySet());
        entities.addAll(backlogs().keySet());
        return entities;
    }

    /** Returns the backlog of each entity that has intents, in any reachable database. */
    public Map<String, Backlog> backlogs() {
        Map<String, Backlog> sum = new HashMap<>();
        for (DSLContext database : databases()) {
            Intents.backlogs(database).forEach((entity, backlog) -> sum.merge(entity, backlog, Backlog::and));
        }
        return sum;
    }

    /**
     * Returns how many intents of each entity nobody will apply: those in the mirror side's database, or anywhere
     * while there is no mirror.
     */
    public Map<String, Long> stranded(Map<String, Fence> standings) {
        Map<String, Long> stranded = new HashMap<>();
        Databases databases = session.databasesAsTheyAre();
        for (Side side : databases.sides()) {
            if (side == Side.MODERN && session.modernTrouble().isPresent()) {
                continue;
            }
            Intents.backlogs(databases.dsl(side)).forEach((entity, backlog) -> {
                Fence fence = standings.get(entity);
                boolean workedOff = fence != null
                        && fence.standing().stage().mirrors()
                        && (databases.areShared() || fence.standing().stage().authority() == side);
                if (fence != null && !workedOff) {
                    stranded.merge(entity, (long) backlog.count(), Long::sum);
                }
            });
        }
        return stranded;
    }

    /** Returns the intents of one key. */
    public Backlog intents(String entity, RecordKey key) {
        return databases().stream()
                .map(database -> Intents.backlog(database, entity, key))
                .reduce(Backlog.NONE, Backlog::and);
    }

    /** Returns what the last finished verification found for a key, empty if nothing. */
    public Optional<String> difference(String entity, RecordKey key) {
        return VerificationTable.found(session.control(), entity, key);
    }

    /** Returns the size in bytes of a side's intents, null where its database cannot be reached. */
    @Nullable
    public Long intentBytes(Side side) {
        if (side == Side.MODERN && session.modernTrouble().isPresent()) {
            return null;
        }
        return Intents.bytes(session.databasesAsTheyAre().dsl(side));
    }

    /** Returns which capture is installed. */
    public List<CaptureState> captures() {
        List<CaptureState> states = new ArrayList<>();
        databases().forEach(database -> states.addAll(Capture.states(database)));
        return states;
    }

    private List<DSLContext> databases() {
        Databases databases = session.databasesAsTheyAre();
        List<DSLContext> reachable = new ArrayList<>(List.of(databases.dsl(Side.LEGACY)));
        if (!databases.areShared() && session.modernTrouble().isEmpty()) {
            reachable.add(databases.dsl(Side.MODERN));
        }
        return reachable;
    }
}
