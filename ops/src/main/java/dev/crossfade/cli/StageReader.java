package dev.crossfade.cli;

import dev.crossfade.cli.StageReport.Change;
import dev.crossfade.cli.StageReport.Entity;
import dev.crossfade.cli.StageReport.GateState;
import dev.crossfade.cli.StageReport.Instance;
import dev.crossfade.cli.StageReport.Step;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageLog;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers where entities stand and asks every gate of the steps that they may take. */
final class StageReader {

    private static final int HISTORY = 20;

    private final OperatorSession session;
    private final StageChanger changer;

    StageReader(OperatorSession session) {
        this.session = session;
        this.changer = session.stageChanger();
    }

    StageReport read(List<String> entities) {
        return new StageReport(entities.stream().distinct().map(this::read).toList());
    }

    private Entity read(String entity) {
        Standing standing = changer.standing(entity);
        return new Entity(
                entity,
                standing.stage().label(),
                standing.epoch(),
                step(entity, standing, standing.stage().next()),
                step(entity, standing, standing.stage().previous()),
                instances(entity, standing),
                history(entity));
    }

    private @Nullable Step step(String entity, Standing from, Optional<Stage> to) {
        if (to.isEmpty()) {
            return null;
        }
        List<GateState> gates = changer.verdicts(new Gate.Step(entity, from, to.get())).entrySet().stream()
                .map(StageReader::state)
                .toList();
        return new Step(to.get().label(), gates.stream().allMatch(GateState::open), gates);
    }

    private static GateState state(Map.Entry<String, Gate.Verdict> gate) {
        return switch (gate.getValue()) {
            case Gate.Open open -> new GateState(gate.getKey(), true, null, null);
            case Gate.Closed closed -> new GateState(gate.getKey(), false, closed.reason(), closed.remedy());
        };
    }

    private List<Instance> instances(String entity, Standing standing) {
        return new Fleet(session.control())
                .live().stream()
                        .filter(member -> member.acknowledged().containsKey(entity))
                        .map(member -> {
                            long epoch = member.acknowledged().getOrDefault(entity, 0L);
                            return new Instance(
                                    member.instance().name(),
                                    member.instance().version(),
                                    member.startedAt(),
                                    epoch,
                                    epoch < standing.epoch());
                        })
                        .toList();
    }

    private List<Change> history(String entity) {
        return StageLog.history(session.control(), entity, HISTORY).stream()
                .map(entry -> new Change(
                        label(entry.from()), label(entry.to()), entry.at(), entry.by(), entry.reason(), entry.forced()))
                .toList();
    }

    private static String label(String stage) {
        return Stage.valueOf(stage).label();
    }
}
