package dev.crossfade.read;

import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;

/**
 * Listens to which side answered reads, on the caller's thread. Must not throw or block. Reads of one record are the
 * hottest path, so it should not allocate either.
 */
public interface ReadListener {

    /** A read was answered by a side. */
    default void read(String entity, Stage stage, Side side, long nanos) {}

    /** A side failed to answer a read. */
    default void readFailed(String entity, Stage stage, Side side, long nanos) {}

    /** A read meant for the modern side goes to the legacy side. */
    default void readFellBack(String entity, FallBack reason) {}
}
