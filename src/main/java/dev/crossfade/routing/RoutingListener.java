package dev.crossfade.routing;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.shadow.ShadowListener;
import dev.crossfade.sql.FailureClass;

/**
 * Told what the routing layer did, on the caller's thread unless said otherwise. Must not throw or block; what is told
 * of reads of one record is on the hottest path there is and should not allocate either.
 */
public interface RoutingListener extends ShadowListener {

    /** A listener that does nothing; for it, reads are not timed. */
    RoutingListener NONE = new RoutingListener() {};

    /** An authoritative write of {@code keys} keys succeeded, in its own transaction or inside the caller's. */
    default void written(String entity, Stage stage, int keys, long nanos) {}

    /** An authoritative write failed; the caller got the exception. */
    default void writeFailed(String entity, Stage stage, long nanos) {}

    /** Writing the mirror within the caller's transaction failed; an intent was left. */
    default void mirrorMissed(String entity, Side mirror, FailureClass failure) {}

    /** A record was saved, or refused, that the legacy side, which decides, does not bring back as it was given. */
    default void lossyWrite(String entity, LossyWriteOutcome outcome) {}

    /** A read was answered by a side. */
    default void read(String entity, Stage stage, Side side, long nanos) {}

    /** A side failed to answer a read. */
    default void readFailed(String entity, Stage stage, Side side, long nanos) {}

    /** A read meant for the modern side goes to the legacy side. */
    default void readFellBack(String entity, FallBack reason) {}
}
