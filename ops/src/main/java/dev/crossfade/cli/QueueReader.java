package dev.crossfade.cli;

import dev.crossfade.capture.Capture;
import dev.crossfade.capture.CaptureState;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.Databases;
import dev.crossfade.control.VerificationTable;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Backlog;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MissedWrites;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Looks up what is queued in the databases that can be reached. */
final class QueueReader {

    private final OperatorSession session;

    QueueReader(OperatorSession session) {
        this.session = session;
    }

    /** Returns the entities of which something is queued, also those that nobody here knows. */
    Set<String> queued() {
        Set<String> entities =
                new TreeSet<>(new MissedWrites(session.control()).tallies().keySet());
        entities.addAll(backlogs().keySet());
        return entities;
    }

    /** Returns the intents of each entity that has some, in whichever reachable database they are. */
    Map<String, Backlog> backlogs() {
        Map<String, Backlog> sum = new HashMap<>();
        for (DSLContext database : databases()) {
            Intents.backlogs(database).forEach((entity, backlog) -> sum.merge(entity, backlog, Backlog::and));
        }
        return sum;
    }

    /**
     * Returns how many intents of each entity lie where nobody works them off: in the database of the side that does
     * not decide, or anywhere while there is no mirror.
     */
    Map<String, Long> stranded(Map<String, Fence> standings) {
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
    Backlog intents(String entity, RecordKey key) {
        return databases().stream()
                .map(database -> Intents.backlog(database, entity, key))
                .reduce(Backlog.NONE, Backlog::and);
    }

    /** Returns what the last finished verification found of a key, empty for nothing. */
    Optional<String> difference(String entity, RecordKey key) {
        return VerificationTable.found(session.control(), entity, key);
    }

    /** Returns how many bytes the intents of a side's database take up, null where it cannot be reached. */
    @Nullable
    Long intentBytes(Side side) {
        if (side == Side.MODERN && session.modernTrouble().isPresent()) {
            return null;
        }
        return Intents.bytes(session.databasesAsTheyAre().dsl(side));
    }

    /** Returns which capture is installed. */
    List<CaptureState> captures() {
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
