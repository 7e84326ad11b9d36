package dev.crossfade.gate;

import dev.crossfade.check.Finding;
import dev.crossfade.check.MappingCheck;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.trial.TrialWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requires that the mapping fits the tables as they are now. Before a side becomes a mirror, it must also store the
 * rows of a trial unchanged. Only steps forward ask: an altered table must not block reads or the authority from
 * going back.
 */
final class MappingValid implements Gate {

    private static final int SHOWN = 3;

    private final Databases databases;
    private final Mappings mappings;

    MappingValid(Databases databases, Mappings mappings) {
        this.databases = databases;
        this.mappings = mappings;
    }

    @Override
    public String name() {
        return "mapping valid";
    }

    @Override
    public Verdict check(Step step) {
        if (!step.isForward()) {
            return new NotConcerned();
        }
        String required = "no errors on the live tables";
        Optional<TableMapping> mapping = mappings.find(step.entity());
        if (mapping.isEmpty()) {
            return Mappings.unknown(step.entity(), required);
        }
        List<Finding> findings = new ArrayList<>(new MappingCheck(databases).check(mappings.all(), mapping.get()));
        if (findings.stream().noneMatch(Finding::isError)) {
            begun(step)
                    .ifPresent(authority -> findings.addAll(new TrialWrite(databases, mappings.all(), TrialWrite.BRIEF)
                            .run(mapping.get(), authority)
                            .findings()));
        }
        List<Finding> errors = findings.stream().filter(Finding::isError).toList();
        String all = "`crossfade check %s` lists all.".formatted(step.entity());
        if (errors.isEmpty()) {
            String warnings = "no errors, %s warnings".formatted(findings.size());
            return new Open(findings.isEmpty() ? warnings : "%s: %s".formatted(warnings, all), required);
        }
        return new Closed(
                Mappings.problems(errors, SHOWN), required, errors.getFirst().remedy() + " " + all);
    }

    /** Returns the authoritative side after a step that makes the other side a mirror; empty for other steps. */
    private static Optional<Side> begun(Step step) {
        return step.isFromTo(Stage.LEGACY_ONLY, Stage.DUAL_WRITE) || step.movesAuthority()
                ? Optional.of(step.to().authority())
                : Optional.empty();
    }
}
