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

/** Moves entities between stages, through every gate, and says what that did. Not thread-safe. */
public final class StageMove {

    private final StageChanger changer;

    /** Makes it for a session that may change something. */
    public StageMove(OperatorSession session) {
        this.changer = session.stageChanger();
    }

    /**
     * Moves them at once.
     *
     * @throws dev.crossfade.model.RefusedException if a gate is closed, or the step is refused otherwise
     */
    public StageChangeReport now(Request request) {
        return StageChangeReport.of(request, changer.change(request), ramps(request), null);
    }

    /**
     * Moves them as soon as their gates are open.
     *
     * @param toEnd asked before each step whether it is to end
     * @throws dev.crossfade.model.RefusedException as {@link GateWait#change}
     */
    public StageChangeReport whenOpen(Request request, GateWait wait, BooleanSupplier toEnd) {
        List<StageChanger.Change> changes = wait.change(request, toEnd);
        return StageChangeReport.of(request, changes, ramps(request), wait.waited());
    }

    /** Returns the ramps that count after the step, by entity. */
    private Map<String, Ramp> ramps(Request request) {
        Map<String, Ramp> ramps = new TreeMap<>();
        if (request.to() == Stage.MODERN_READ) {
            request.entities().forEach(entity -> ramp(entity).ifPresent(found -> ramps.put(entity, found)));
        }
        return ramps;
    }

    /** The step was made; a ramp that someone spoilt in the table is the service's to report. */
    private Optional<Ramp> ramp(String entity) {
        try {
            return Optional.of(changer.ramp(entity).orElse(Ramp.WHOLE));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }
}
