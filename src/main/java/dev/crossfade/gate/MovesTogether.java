package dev.crossfade.gate;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Contractions;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.fleet.EntityGroups;
import dev.crossfade.fleet.EntityGroups.Group;
import dev.crossfade.model.Side;
import dev.crossfade.time.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Requires that entities used in one transaction have their authority in the same database after the step. A
 * transaction runs in one database, so with two databases a transaction over both sides would be refused. It guards
 * steps back too, which would cause the same failures. Always open if both sides share a database.
 */
final class MovesTogether implements Gate {

    private static final int SHOWN = 3;

    private final Databases databases;
    private final Duration window;

    MovesTogether(Databases databases, Duration window) {
        this.databases = databases;
        this.window = window;
    }

    @Override
    public String name() {
        return "moves together";
    }

    @Override
    public Verdict check(Step step) {
        if (databases.areShared() || !step.movesAuthority()) {
            return new NotConcerned();
        }
        String required = "entities that share transactions have their authority in one database";
        List<Group> groups = new EntityGroups(databases.controlDsl()).inForce(window);
        SortedSet<String> group = EntityGroups.movingWith(step.entity(), groups);
        if (group.isEmpty()) {
            return new Open("it was not seen in a transaction with other entities", required);
        }
        Map<String, Standing> left = leftBehind(step, group);
        if (left.isEmpty()) {
            return new Open("none of %s stays behind".formatted(String.join(", ", group)), required);
        }
        return new Closed(
                "it shares transactions with %s, on the %s side (%s)"
                        .formatted(
                                left.entrySet().stream()
                                        .map(one -> "%s (%s)"
                                                .formatted(
                                                        one.getKey(),
                                                        one.getValue().stage().label()))
                                        .collect(Collectors.joining(", ")),
                                step.from().stage().authority().label(),
                                evidence(step, groups, group)),
                required,
                remedy(step, left));
    }

    private Map<String, Standing> leftBehind(Step step, SortedSet<String> group) {
        Side authority = step.to().authority();
        Map<String, Standing> left = new TreeMap<>(AuthorityTable.all(databases.controlDsl()));
        left.keySet().retainAll(group);
        left.keySet().removeAll(step.together());
        left.values().removeIf(standing -> standing.stage().authority() == authority);
        return left;
    }

    private static String evidence(Step step, List<Group> groups, SortedSet<String> connected) {
        List<Group> ofThese = groups.stream()
                .filter(one -> one.entities().contains(step.entity())
                        || one.entities().stream().anyMatch(connected::contains))
                .toList();
        String shown = ofThese.stream().limit(SHOWN).map(MovesTogether::text).collect(Collectors.joining("; "));
        return ofThese.size() > SHOWN ? "%s; and %s more".formatted(shown, ofThese.size() - SHOWN) : shown;
    }

    private static String text(Group group) {
        String names = String.join(" + ", group.entities());
        return group.declared()
                ? "%s: declared by %s".formatted(names, group.toldBy())
                : "%s: %s transactions, the last %s ago by %s"
                        .formatted(names, group.times(), DurationText.of(group.age()), group.toldBy());
    }

    private String remedy(Step step, Map<String, Standing> left) {
        Set<String> contracted =
                new TreeSet<>(Contractions.all(databases.controlDsl()).keySet());
        contracted.retainAll(left.keySet());
        if (!contracted.isEmpty()) {
            return "%s cannot come along: contracted, the modern side has the only copy. Let the service use them in transactions of their own before %s goes back, or stay where you are."
                    .formatted(String.join(", ", contracted), step.entity());
        }
        List<String> elsewhere = left.entrySet().stream()
                .filter(one -> one.getValue().stage() != step.from().stage())
                .map(Map.Entry::getKey)
                .toList();
        SortedSet<String> all = new TreeSet<>(step.together());
        all.add(step.entity());
        all.addAll(left.keySet());
        String first = elsewhere.isEmpty()
                ? ""
                : "Bring %s to %s first. "
                        .formatted(
                                String.join(", ", elsewhere),
                                step.from().stage().label());
        return "%sMove them together: `crossfade stage %s --to %s`."
                .formatted(first, String.join(" ", all), step.to().label());
    }
}
