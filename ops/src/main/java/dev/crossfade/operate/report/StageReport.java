package dev.crossfade.operate.report;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stage of some entities, and what keeps them there. */
public record StageReport(List<Entity> entities) {

    public static final String OPEN = "open";
    public static final String CLOSED = "closed";
    public static final String NOT_CONCERNED = "not-concerned";

    /**
     * One entity.
     *
     * @param contracted how its legacy structures were dropped, null while it has them
     * @param movesWith the entities used in one transaction with it, whose authority moves with it
     * @param next the step forward, null at the end
     * @param previous the step back, null at the start and where there is no way back
     * @param instances the live instances that serve it
     * @param history its last changes, the newest first
     */
    public record Entity(
            String entity,
            String stage,
            long epoch,
            StatusReport.@Nullable Contracted contracted,
            List<String> movesWith,
            @Nullable Step next,
            @Nullable Step previous,
            List<Instance> instances,
            List<Change> history) {}

    /** A step and its gates. */
    public record Step(String to, boolean open, List<GateState> gates) {}

    /**
     * A gate.
     *
     * @param state {@code open}, {@code closed}, or {@code not-concerned} where the gate does not guard the step
     * @param seen what was found, null where the gate is not concerned
     * @param required what it requires, null where the gate is not concerned
     * @param remedy what to do, null unless it is closed
     */
    public record GateState(
            String gate,
            String state,
            @Nullable String seen,
            @Nullable String required,
            @Nullable String remedy) {}

    /**
     * A live instance.
     *
     * @param acknowledgedEpoch the newest epoch that it has applied
     * @param heartbeatAgeSeconds the age of its last heartbeat, by the database's clock
     */
    public record Instance(
            String name,
            String version,
            OffsetDateTime startedAt,
            long acknowledgedEpoch,
            boolean behind,
            double heartbeatAgeSeconds) {}

    /**
     * A change that happened.
     *
     * @param overruled the gates that were closed
     */
    public record Change(
            String from,
            String to,
            OffsetDateTime at,
            String by,
            @Nullable String reason,
            boolean forced,
            List<String> overruled) {}
}
