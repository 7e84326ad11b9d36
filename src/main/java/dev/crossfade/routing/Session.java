package dev.crossfade.routing;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.stages.EntityStage;
import java.util.function.Function;

/** Where a repository's statements run: each in a transaction of its own, or all in one of the caller's. */
interface Session extends SideSession {

    @Override
    default Session current() {
        return this;
    }

    /** Returns how an entity is routed. */
    EntityStage stage(String entity);

    /** Writes through the routing layer; returns how many records. */
    int write(EntityWriter writer, String entity, Change change);

    /** Tells whether a mirror row of the entity may be behind what was written here; free of locks and allocation. */
    boolean mayBeBehind(String entity);

    /** Runs a read on a side's repository so that its failure leaves the caller's transaction usable. */
    <S, T> T guarded(Side side, S repository, Function<? super S, T> read);

    /** Returns the side that answers a read, given the one that the stage asks for. */
    Side freshSide(String entity, Side wanted, Side authority);

    /** As {@link #freshSide(String, Side, Side)}, for one key. */
    Side freshSide(String entity, RecordKey key, Side wanted, Side authority);
}
