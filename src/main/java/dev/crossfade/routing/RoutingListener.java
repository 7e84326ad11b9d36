package dev.crossfade.routing;

import dev.crossfade.read.ReadListener;
import dev.crossfade.shadow.ShadowListener;
import dev.crossfade.write.WriteListener;

/**
 * Listens to the routing layer, on the caller's thread unless stated otherwise. Must not throw or block. Reads of one
 * record are the hottest path, so their callbacks should not allocate either.
 */
public interface RoutingListener extends WriteListener, ReadListener, ShadowListener {

    /** A listener that does nothing; for it, reads are not timed. */
    RoutingListener NONE = new RoutingListener() {};
}
