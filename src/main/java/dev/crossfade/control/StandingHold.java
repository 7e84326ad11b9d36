package dev.crossfade.control;

import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.DatabaseIdentity.Sighting;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Holds an entity at the stage that the caller read, in each transaction that notes its keys without having written
 * them, or that writes its mirror. A stage that was read earlier may be stale: the authority may have moved before
 * the write, and a copy in the old direction would overwrite acknowledged writes. So the transaction first takes the
 * entity's lock, which the flip waits for, and then proves, in a new statement, that the stage has not changed.
 *
 * <p>Between two databases it also proves that neither has gone back in time since the other one saw it: rows that a
 * promoted server has lost would otherwise look deleted. A session does not survive a failover, so the proof holds
 * until the session ends.
 *
 * @param databases the databases of both sides
 * @param entity the entity
 * @param mapping the fingerprint of the mapping by which its mirror is to be written
 * @param seen the entity's standing as read from the control database
 */
public record StandingHold(Databases databases, String entity, String mapping, Standing seen) {

    /** How long an applier waits for others, in the rare case that it must be alone. */
    private static final Duration ALONE = Duration.ofMillis(100);

    /**
     * Called in a {@code READ COMMITTED} transaction of the authoritative side's database, before it notes keys.
     *
     * @throws StandingChangedException if the stage has changed, or has no mirror
     * @throws FrozenException if the entity is frozen
     */
    public void beforeNoting(Connection connection) throws SQLException {
        requireNotFrozen(holdAuthority(connection));
        if (!databases.areShared()) {
            // Rows that a promoted server lacks are no difference to repair: noting their keys would mark them as
            // written since.
            Sighting.of(connection).change(null).ifPresent(change -> {
                throw new FrozenException(
                        entity,
                        "the %s database is not what it was: %s."
                                .formatted(seen.stage().authority().label(), change));
            });
        }
    }

    /**
     * As {@link #beforeNoting}, for a frozen entity, before an operator's decision is noted or written on the
     * authoritative side.
     *
     * @throws StandingChangedException if the stage has changed, or has no mirror
     * @throws RefusedException if the entity is not frozen any more: another operator has recovered it
     */
    public void beforeDeciding(Connection connection) throws SQLException {
        if (holdAuthority(connection).flatMap(Fence::frozen).isEmpty()) {
            throw new RefusedException(
                    "%s is not frozen any more: somebody else has recovered it meanwhile. Look at it with `crossfade recover %s`."
                            .formatted(entity, entity));
        }
    }

    private Optional<Fence> holdAuthority(Connection connection) throws SQLException {
        requireMirror();
        AuthorityLock.WRITING.share(connection, entity);
        Optional<Fence> found = AuthorityTable.fence(connection, entity);
        require(
                databases.isControl(seen.stage().authority())
                        ? found.map(Fence::standing).equals(Optional.of(seen))
                        : found.stream().allMatch(fence -> fence.standing().epoch() <= seen.epoch()),
                found);
        return found;
    }

    /**
     * Called in a {@code READ COMMITTED} transaction of the one database of both sides, before it locks rows.
     *
     * @throws StandingChangedException if the other side decides now, or there is no mirror
     * @throws OtherMappingException if the fleet mirrors by another mapping
     * @throws FrozenException if the entity is frozen
     */
    public void beforeMirroring(Connection connection) throws SQLException {
        hold(connection, Side.LEGACY);
    }

    /**
     * Called in {@code READ COMMITTED} transactions of the two databases, before they read or write rows of either.
     *
     * @throws StandingChangedException if the other side decides now, or there is no mirror
     * @throws OtherMappingException if the fleet mirrors by another mapping
     * @throws FrozenException if the entity is frozen, or a database is not what it was
     */
    public void beforeMirroring(Connection legacy, Connection modern) throws SQLException {
        hold(legacy, Side.LEGACY);
        hold(modern, Side.MODERN);
        IdentityWatch.change(legacy, modern).ifPresent(change -> {
            throw new FrozenException(entity, change);
        });
    }

    private void hold(Connection connection, Side database) throws SQLException {
        requireMirror();
        AuthorityLock.APPLYING.share(connection, entity);
        Optional<Fence> found = AuthorityTable.fence(connection, entity);
        requireNotFrozen(found);
        found.flatMap(Fence::mapping).filter(fleets -> !fleets.equals(mapping)).ifPresent(fleets -> {
            throw new OtherMappingException(entity, mapping, fleets);
        });
        require(
                databases.isControl(database)
                        ? found.filter(this::isSameDirection).isPresent()
                        : mayMirror(connection, found),
                found);
    }

    /**
     * Checks the fence in the modern database, which may be older. An epoch there that was only announced is void:
     * the lock in the control database is held, so no flip is under way. A writer with a newer standing waits for
     * this transaction before it records that standing.
     */
    private boolean mayMirror(Connection connection, Optional<Fence> found) throws SQLException {
        if (found.stream().allMatch(fence -> fence.standing().epoch() <= seen.epoch() || isSameDirection(fence))) {
            return true;
        }
        return AuthorityLock.APPLYING.lockExclusively(connection, entity, ALONE)
                && AuthorityTable.fence(connection, entity).stream().noneMatch(Fence::decided);
    }

    /** Refuses a stage without a mirror, as {@link #beforeNoting} does. */
    public void requireMirror() {
        if (!seen.stage().mirrors()) {
            throw new StandingChangedException(entity, seen);
        }
    }

    private boolean isSameDirection(Fence fence) {
        return fence.standing().stage().mirrors()
                && fence.standing().stage().authority() == seen.stage().authority();
    }

    private void requireNotFrozen(Optional<Fence> found) {
        found.flatMap(Fence::frozen).ifPresent(reason -> {
            throw new FrozenException(entity, reason);
        });
    }

    private void require(boolean same, Optional<Fence> found) {
        if (!same) {
            throw new StandingChangedException(
                    entity,
                    seen,
                    found.map(fence -> fence.standing().stage().label() + " (epoch "
                                    + fence.standing().epoch() + ")")
                            .orElse("no stage at all"));
        }
    }
}
