package dev.crossfade.operate;

import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import dev.crossfade.operate.report.StageChangeReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Moves entities between stages, through every gate, and reports it. Not thread-safe. */
public final class StageMove {

    private final StageChanger changer;

    /** Creates it for a session that may change something. */
    public StageMove(OperatorSession session) {
        this.changer = session.stageChanger();
    }

    /**
     * Moves them at once.
     *
     * @throws dev.crossfade.model.RefusedException if a gate is closed, or the step is refused for another reason
     */
    public StageChangeReport now(Request request) {
        return StageChangeReport.of(request, changer.change(request), ramps(request), null);
    }

    /**
     * Moves them as soon as their gates are open.
     *
     * @param toEnd asked before each step whether to stop
     * @throws dev.crossfade.model.RefusedException as {@link GateWait#change}
     */
    public StageChangeReport whenOpen(Request request, GateWait wait, BooleanSupplier toEnd) {
        List<StageChanger.Change> changes = wait.change(request, toEnd);
        return StageChangeReport.of(request, changes, ramps(request), wait.waited());
    }

    /** Returns the ramps in force after the step, by entity. */
    private Map<String, Ramp> ramps(Request request) {
        Map<String, Ramp> ramps = new TreeMap<>();
        if (request.to() == Stage.MODERN_READ) {
            request.entities().forEach(entity -> ramp(entity).ifPresent(found -> ramps.put(entity, found)));
        }
        return ramps;
    }

    /**
     * Returns an entity's ramp. The step has been made; if somebody broke the ramp in the table, the service reports
     * that.
     */
    private Optional<Ramp> ramp(String entity) {
        try {
            return Optional.of(changer.ramp(entity).orElse(Ramp.WHOLE));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }
}
