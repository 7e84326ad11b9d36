package dev.crossfade.lossy;

/** Listens to saves whose values come back from the legacy side changed. Must not throw or block. */
public interface LossyWriteListener {

    /** A record was saved or refused whose values the legacy side, which decides, would change. */
    default void lossyWrite(String entity, LossyWriteOutcome outcome) {}
}
