package dev.crossfade.routing;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import java.util.List;
import org.jooq.DSLContext;

/** Where the statements of one side's repository run. */
interface SideSession {

    /** Returns this session, or the transaction that the caller's framework has open. */
    default SideSession current() {
        return this;
    }

    /** Returns a context on a side's database. */
    DSLContext dsl(Side side);

    /** Runs a write of one side alone, bypassing the routing layer. */
    List<RecordKey> writeDirectly(Side side, DirectWrite write);
}
