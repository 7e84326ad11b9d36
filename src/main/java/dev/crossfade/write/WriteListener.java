package dev.crossfade.write;

import dev.crossfade.lossy.LossyWriteListener;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.sql.FailureClass;

/** Listens to the outcome of writes, on the caller's thread. Must not throw or block. */
public interface WriteListener extends LossyWriteListener {

    /** An authoritative write of {@code keys} keys succeeded, in its own transaction or inside the caller's. */
    default void written(String entity, Stage stage, int keys, long nanos) {}

    /** An authoritative write failed; the caller got the exception. */
    default void writeFailed(String entity, Stage stage, long nanos) {}

    /** Writing the mirror within the caller's transaction failed; an intent was left. */
    default void mirrorMissed(String entity, Side mirror, FailureClass failure) {}
}
