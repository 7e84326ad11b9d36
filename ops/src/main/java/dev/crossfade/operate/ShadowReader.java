package dev.crossfade.operate;

import dev.crossfade.operate.report.ForgetReport;
import dev.crossfade.operate.report.ShadowReport;
import dev.crossfade.shadow.ShadowLog;
import java.util.Optional;

/** Shows what shadow reads found different, of one entity or of all. Not thread-safe. */
public final class ShadowReader {

    private final ShadowLog log;
    private final Optional<String> entity;

    /**
     * Makes it for a session.
     *
     * @throws dev.crossfade.model.InvalidInputException if the entity is not known
     */
    public ShadowReader(OperatorSession session, Optional<String> entity) {
        session.requireKnown(entity.stream().toList());
        this.log = new ShadowLog(session.control());
        this.entity = entity;
    }

    /** Returns the records that differ, those seen last first, at most some of them. */
    public ShadowReport read(int limit) {
        return ShadowReport.of(log.count(entity), log.list(entity, limit));
    }

    /** Forgets them; the counts that gates look at stay. */
    public ForgetReport forget() {
        return new ForgetReport(log.forget(entity));
    }
}
