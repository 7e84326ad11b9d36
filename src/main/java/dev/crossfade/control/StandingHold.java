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
 * Holds an entity where its caller saw it, in each transaction that notes its keys without having written them, or that
 * writes its mirror. A stage that was read earlier is no fact: between that look and the write the authority may have
 * moved, and a copy in the old direction would overwrite acknowledged writes. So the transaction first takes the
 * entity's lock, which the flip waits for, and then, in a new statement, proves that the stage is still the one that
 * was seen.
 *
 * <p>Between two databases it proves, too, that neither has gone back in time since the other one saw it: what a
 * promoted server has lost would otherwise be taken for deleted. A session does not outlive a failover, so that holds
 * to its end.
 *
 * @param databases the databases of both sides
 * @param entity the entity
 * @param mapping the fingerprint of the mapping by which its mirror is to be written
 * @param seen where the control database said that it stands
 */
public record StandingHold(Databases databases, String entity, String mapping, Standing seen) {

    /** How long an applier waits for other ones, in the rare case that it must be alone. */
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
            // What a promoted server lacks is no difference to repair; its keys would be taken for written since.
            Sighting.of(connection).change(null).ifPresent(change -> {
                throw new FrozenException(
                        entity,
                        "the %s database is not what it was: %s."
                                .formatted(seen.stage().authority().label(), change));
            });
        }
    }

    /**
     * As {@link #beforeNoting}, of an entity that is frozen, before what an operator has decided is noted or written on
     * the authoritative side.
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
     * Of the modern database, whose fence may be older. An epoch that is only announced was never recorded: the control
     * database is held, and no flip is under way. A writer who knows better waits for this transaction before it says
     * so.
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
