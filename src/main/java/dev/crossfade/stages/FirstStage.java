package dev.crossfade.stages;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.ControlTransaction;
import dev.crossfade.control.Databases;
import dev.crossfade.control.ModernSchema;
import dev.crossfade.flags.LostStages;
import dev.crossfade.flags.StageLog;
import dev.crossfade.flags.StandingWatch;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.UnavailableException;
import dev.crossfade.sql.ServerMessage;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.exception.DataAccessException;

/**
 * Makes sure that an instance starts to serve an entity under the last decided stage, or not at all.
 *
 * <p>If the control database's record says that the legacy side decides, the modern database may be down. A flip to
 * the modern side is recorded before anybody acts on it, and a flip away from it is recorded only after it was fenced
 * off, so the record can be stale only if the control database has lost data. Its own identity, a freeze of the
 * entity or a live instance with a later epoch shows that. If the record says that the modern side decides, its
 * database must answer: its fence may be ahead, and nothing could be written anyway.
 *
 * @param databases the databases of both sides
 * @param modern the schema in the modern database
 * @param watch compares the databases
 * @param lost distinguishes a new entity from one whose record was lost
 * @param fleet knows what the live instances have applied
 */
record FirstStage(Databases databases, ModernSchema modern, StandingWatch watch, LostStages lost, Fleet fleet) {

    /**
     * Makes sure that the record shows the last decided stage.
     *
     * @throws UnavailableException if that cannot be determined, or a database that is needed for it cannot be used
     * @throws RefusedException if the record was lost
     */
    void require(TableMapping mapping) {
        String entity = mapping.entity();
        Optional<Standing> recorded = AuthorityTable.find(databases.controlDsl(), entity);
        if (recorded.isEmpty()) {
            modern.require(LostStages.unknown(entity));
        } else if (recorded.get().stage().authority() == Side.MODERN) {
            modern.require(decides(entity, recorded.get()));
        }
        watch.look(Map.of());
        watch.awaitNewest(entity);
        if (watch.trouble().isPresent()) {
            requireNobodyKnowsMore(entity);
        }
        lost.require(mapping);
    }

    /** The modern database's fence cannot be read, but live instances may know of a stage that the record has lost. */
    private void requireNobodyKnowsMore(String entity) {
        long known = fleet.live().stream()
                .map(member -> member.acknowledged().get(entity))
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .max()
                .orElse(-1);
        AuthorityTable.find(databases.controlDsl(), entity)
                .filter(recorded -> recorded.epoch() < known)
                .ifPresent(recorded -> {
                    throw new UnavailableException(
                            "The control database says %s (epoch %s) for %s, and a live instance acts under epoch %s: the control database has lost what was decided last. That instance records it again by itself; start once more. If it does not, see `crossfade recover %s`."
                                    .formatted(recorded.stage().label(), recorded.epoch(), entity, known, entity),
                            null);
                });
    }

    /**
     * Makes a mapping the fleet's. While the modern side decides, its writers check the epoch in the modern database.
     */
    void adopt(TableMapping mapping) {
        Standing standing = ControlTransaction.on(databases.controlDsl())
                .retried()
                .result(control -> {
                    StageLog.lock(control, mapping.entity());
                    return AuthorityTable.adoptMapping(control, mapping.entity(), mapping.fingerprint());
                });
        if (!databases.areShared() && standing.stage().authority() == Side.MODERN) {
            try {
                AuthorityTable.raise(databases.dsl(Side.MODERN), mapping.entity(), standing);
            } catch (DataAccessException e) {
                throw new UnavailableException(
                        "%s The modern database cannot be used. The server said: %s"
                                .formatted(
                                        decides(mapping.entity(), standing),
                                        ServerMessage.sentence(ServerMessage.ofDriver(e))),
                        e);
            }
        }
    }

    private static String decides(String entity, Standing standing) {
        return "%s stands at %s: the modern database decides there, and nothing of %s can be written without it."
                .formatted(entity, standing.stage().label(), entity);
    }
}
