package dev.crossfade.routing;

import dev.crossfade.read.ReadListener;
import dev.crossfade.shadow.ShadowListener;
import dev.crossfade.write.WriteListener;

/**
 * Told what the routing layer did, on the caller's thread unless said otherwise. Must not throw or block; what is told
 * of reads of one record is on the hottest path there is and should not allocate either.
 */
public interface RoutingListener extends WriteListener, ReadListener, ShadowListener {

    /** A listener that does nothing; for it, reads are not timed. */
    RoutingListener NONE = new RoutingListener() {};
}
