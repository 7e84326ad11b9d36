package dev.crossfade.operate;

import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.NotConcerned;
import dev.crossfade.flags.Gate.Open;
import dev.crossfade.flags.Gate.Verdict;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageHistory;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.EntityGroups.Group;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.Stage;
import dev.crossfade.operate.report.StageReport;
import dev.crossfade.operate.report.StageReport.Change;
import dev.crossfade.operate.report.StageReport.Entity;
import dev.crossfade.operate.report.StageReport.GateState;
import dev.crossfade.operate.report.StageReport.Instance;
import dev.crossfade.operate.report.StageReport.Step;
import dev.crossfade.operate.report.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers where entities stand and asks every gate of the steps that they may take. */
public final class StageReader {

    private static final int HISTORY = 20;

    private final OperatorSession session;
    private final StageChanger changer;

    public StageReader(OperatorSession session) {
        this.session = session;
        this.changer = session.stageChanger();
    }

    public StageReport read(List<String> entities) {
        List<Group> groups = groups();
        return new StageReport(entities.stream()
                .distinct()
                .map(entity -> read(entity, entities, groups))
                .toList());
    }

    private Entity read(String entity, List<String> asked, List<Group> groups) {
        Standing standing = changer.standing(entity);
        Optional<Contraction> contraction =
                Optional.ofNullable(session.contractions().get(entity));
        return new Entity(
                entity,
                standing.stage().label(),
                standing.epoch(),
                contraction.map(StatusReport.Contracted::of).orElse(null),
                List.copyOf(EntityGroups.movingWith(entity, groups)),
                step(entity, standing, standing.stage().next(), asked),
                step(entity, standing, standing.stage().previous().filter(back -> contraction.isEmpty()), asked),
                instances(entity, standing),
                history(entity));
    }

    /**
     * Returns the entities that share transactions. In one database they need not move together, and nothing is
     * recorded.
     */
    private List<Group> groups() {
        return new EntityGroups(session.control())
                .inForce(session.settings().gates().togetherWithin());
    }

    /** Asks the gates of a step. Entities that can take the step together are asked about together. */
    private @Nullable Step step(String entity, Standing from, Optional<Stage> to, List<String> asked) {
        if (to.isEmpty()) {
            return null;
        }
        Set<String> together = asked.stream()
                .filter(one -> changer.standing(one).stage() == from.stage())
                .collect(Collectors.toSet());
        Map<String, Verdict> verdicts = changer.verdicts(new Gate.Step(entity, from, to.get(), together));
        return new Step(
                to.get().label(),
                verdicts.values().stream().noneMatch(Verdict::isClosed),
                verdicts.entrySet().stream()
                        .map(gate -> state(gate.getKey(), gate.getValue()))
                        .toList());
    }

    private static GateState state(String gate, Verdict verdict) {
        return switch (verdict) {
            case NotConcerned none -> new GateState(gate, StageReport.NOT_CONCERNED, null, null, null);
            case Open open -> new GateState(gate, StageReport.OPEN, open.seen(), open.required(), null);
            case Closed closed ->
                new GateState(gate, StageReport.CLOSED, closed.seen(), closed.required(), closed.remedy());
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
                                    epoch < standing.epoch(),
                                    member.heartbeatAge().toMillis() / 1000.0);
                        })
                        .toList();
    }

    private List<Change> history(String entity) {
        return StageHistory.history(session.control(), entity, HISTORY).stream()
                .map(entry -> new Change(
                        label(entry.from()),
                        label(entry.to()),
                        entry.at(),
                        entry.by(),
                        entry.reason(),
                        entry.forced(),
                        entry.overruled()))
                .toList();
    }

    private static String label(String stage) {
        return Stage.valueOf(stage).label();
    }
}
