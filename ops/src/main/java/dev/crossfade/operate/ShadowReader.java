package dev.crossfade.operate;

import dev.crossfade.operate.report.ForgetReport;
import dev.crossfade.operate.report.ShadowReport;
import dev.crossfade.shadow.ShadowLog;
import java.util.Optional;

/** Shows the mismatches that shadow reads found, of one entity or of all. Not thread-safe. */
public final class ShadowReader {

    private final ShadowLog log;
    private final Optional<String> entity;

    /**
     * Creates it for a session.
     *
     * @throws dev.crossfade.model.InvalidInputException if the entity is not known
     */
    public ShadowReader(OperatorSession session, Optional<String> entity) {
        session.requireKnown(entity.stream().toList());
        this.log = new ShadowLog(session.control());
        this.entity = entity;
    }

    /** Returns the records that differ, latest first, up to a limit. */
    public ShadowReport read(int limit) {
        return ShadowReport.of(log.count(entity), log.list(entity, limit));
    }

    /** Forgets them. The counts that gates look at stay. */
    public ForgetReport forget() {
        return new ForgetReport(log.forget(entity));
    }
}
