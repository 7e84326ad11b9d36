package dev.crossfade.write;

import dev.crossfade.lossy.LossyWriteException;
import dev.crossfade.lossy.LossyWriteOutcome;
import dev.crossfade.model.HeartbeatLostException;
import dev.crossfade.model.StageMovedException;
import dev.crossfade.model.StatementException;
import dev.crossfade.sql.FailureClass;
import dev.crossfade.sql.SqlState;
import java.sql.SQLException;

/** Translates a write's failure for its caller, and reports failures that are not retried to the listener. */
record WriteFailures(String entity, WriteListener listener) {

    /** Returns the exception for the caller. */
    RuntimeException of(Permit permit, long start, SQLException failure) {
        return switch (FailureClass.sqlState(failure)) {
            case SqlState.STAGE_MOVED ->
                new StageMovedException(entity, permit.entity().epoch(), failure);
            case SqlState.HEARTBEAT_LOST -> new HeartbeatLostException(entity, permit.lease(), failure);
            case SqlState.GIVEN_REFUSED -> {
                listener.lossyWrite(entity, LossyWriteOutcome.REFUSED);
                listener.writeFailed(entity, permit.stage(), System.nanoTime() - start);
                yield LossyWriteException.of(entity, failure);
            }
            default -> {
                listener.writeFailed(entity, permit.stage(), System.nanoTime() - start);
                yield new StatementException(
                        "Writing %s to the %s side"
                                .formatted(entity, permit.authority().label()),
                        failure);
            }
        };
    }
}
