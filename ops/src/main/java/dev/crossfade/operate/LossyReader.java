package dev.crossfade.operate;

import dev.crossfade.lossy.LossyWriteLog;
import dev.crossfade.operate.report.ForgetReport;
import dev.crossfade.operate.report.LossyReport;
import dev.crossfade.queue.LossyKeys;
import java.util.Optional;

/** Shows what the legacy side does not bring back as it was written, of one entity or of all. Not thread-safe. */
public final class LossyReader {

    private final OperatorSession session;
    private final LossyWriteLog log;
    private final Optional<String> entity;

    /**
     * Makes it for a session.
     *
     * @throws dev.crossfade.model.InvalidInputException if the entity is not known
     */
    public LossyReader(OperatorSession session, Optional<String> entity) {
        session.requireKnown(entity.stream().toList());
        this.session = session;
        this.log = new LossyWriteLog(session.control());
        this.entity = entity;
    }

    /** Returns the saves that were changed, those seen last first, and the keys concerned; at most some of each. */
    public LossyReport read(int limit) {
        return LossyReport.of(
                log.count(entity),
                log.list(entity, limit),
                LossyKeys.count(session.control(), entity),
                LossyKeys.list(session.control(), entity, limit));
    }

    /** Forgets the saves; keys stay until they are written without a loss. */
    public ForgetReport forget() {
        return new ForgetReport(log.forget(entity));
    }
}
