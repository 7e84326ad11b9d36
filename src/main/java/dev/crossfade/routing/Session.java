package dev.crossfade.routing;

import dev.crossfade.read.ReadSession;
import dev.crossfade.stages.EntityStage;
import dev.crossfade.write.EntityWriter;
import dev.crossfade.write.RequestedWrite;

/** Where a repository's statements run: each in a transaction of its own, or all in one of the caller's. */
interface Session extends SideSession, ReadSession {

    @Override
    default Session current() {
        return this;
    }

    /** Returns how an entity is routed. */
    EntityStage stage(String entity);

    /** Writes through the routing layer; returns how many records. */
    int write(EntityWriter writer, String entity, RequestedWrite change);
}
