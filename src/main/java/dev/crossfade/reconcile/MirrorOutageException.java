package dev.crossfade.reconcile;

import dev.crossfade.control.ServerMessage;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;

/** A database cannot be used at the moment; nothing was applied and no attempt was spent. */
public final class MirrorOutageException extends CrossfadeException {

    private static final long serialVersionUID = 1L;

    MirrorOutageException(String entity, Side mirror, Throwable cause) {
        super(
                "The %s side of %s cannot be written at the moment; its keys wait. The server said: %s"
                        .formatted(mirror.label(), entity, ServerMessage.of(cause)),
                cause);
    }
}
