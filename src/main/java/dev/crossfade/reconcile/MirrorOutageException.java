package dev.crossfade.reconcile;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.sql.ServerMessage;

/** A database cannot be used at the moment; nothing was applied and no attempt was spent. */
public final class MirrorOutageException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    private MirrorOutageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A missed write that cannot be recorded: the key keeps its intents. */
    static MirrorOutageException unrecorded(String entity, Throwable cause) {
        return new MirrorOutageException(
                "A missed write of %s cannot be recorded in the control database at the moment; its keys wait. The server said: %s"
                        .formatted(entity, ServerMessage.sentence(ServerMessage.withoutValues(cause))),
                cause);
    }

    MirrorOutageException(String entity, Side mirror, Throwable cause) {
        super(
                "The %s side of %s cannot be written at the moment; its keys wait. The server said: %s"
                        .formatted(mirror.label(), entity, ServerMessage.sentence(ServerMessage.withoutValues(cause))),
                cause);
    }
}
