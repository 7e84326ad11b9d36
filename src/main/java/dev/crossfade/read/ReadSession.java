package dev.crossfade.read;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.function.Function;

/** What a read needs from its session. Public for {@code routing}, whose sessions implement it. */
public interface ReadSession {

    /**
     * Tells whether a mirror row of the entity may be behind a write of this instance; takes no locks and allocates
     * nothing.
     */
    boolean mayBeBehind(String entity);

    /** Runs a read on a side's repository so that its failure leaves the caller's transaction usable. */
    <S, T> T guarded(Side side, S repository, Function<? super S, T> read);

    /** Returns the side that answers a read, given the one that the stage asks for. */
    Side freshSide(String entity, Side wanted, Side authority);

    /** As {@link #freshSide(String, Side, Side)}, for one key. */
    Side freshSide(String entity, RecordKey key, Side wanted, Side authority);
}
