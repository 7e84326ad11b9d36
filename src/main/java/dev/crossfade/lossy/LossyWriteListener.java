package dev.crossfade.lossy;

/** Told of saves that the legacy side does not bring back as they were given. Must not throw or block. */
public interface LossyWriteListener {

    /** A record was saved, or refused, that the legacy side, which decides, does not bring back as it was given. */
    default void lossyWrite(String entity, LossyWriteOutcome outcome) {}
}
