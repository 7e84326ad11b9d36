package dev.crossfade.operate;

import dev.crossfade.lossy.LossyWriteLog;
import dev.crossfade.operate.report.ForgetReport;
import dev.crossfade.operate.report.LossyReport;
import dev.crossfade.queue.LossyKeys;
import java.util.Optional;

/** Shows what the legacy side does not give back as it was written, for one entity or all. Not thread-safe. */
public final class LossyReader {

    private final OperatorSession session;
    private final LossyWriteLog log;
    private final Optional<String> entity;

    /**
     * Creates it for a session.
     *
     * @throws dev.crossfade.model.InvalidInputException if the entity is not known
     */
    public LossyReader(OperatorSession session, Optional<String> entity) {
        session.requireKnown(entity.stream().toList());
        this.session = session;
        this.log = new LossyWriteLog(session.control());
        this.entity = entity;
    }

    /** Returns the saves that were changed, latest first, and the keys concerned, up to a limit of each. */
    public LossyReport read(int limit) {
        return LossyReport.of(
                log.count(entity),
                log.list(entity, limit),
                LossyKeys.count(session.control(), entity),
                LossyKeys.list(session.control(), entity, limit));
    }

    /** Forgets the saves. Keys stay until they are written without a loss. */
    public ForgetReport forget() {
        return new ForgetReport(log.forget(entity));
    }
}
