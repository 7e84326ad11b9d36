package dev.crossfade.gate;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.mapping.Finding;
import dev.crossfade.mapping.MappingCheck;
import dev.crossfade.mapping.TableMapping;
import java.util.List;
import java.util.Optional;

/**
 * The mapping fits the tables as they are now. Only the way forward asks for it: a table that someone has altered must not
 * keep reads or the authority from going back.
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
        List<Finding> findings = new MappingCheck(databases).check(mappings.all(), mapping.get());
        List<Finding> errors = findings.stream().filter(Finding::isError).toList();
        if (errors.isEmpty()) {
            return new Open("no errors, %d warnings".formatted(findings.size()), required);
        }
        return new Closed(
                Mappings.problems(errors, SHOWN),
                required,
                errors.getFirst().remedy() + " `crossfade status` lists what is wrong with the mapping file.");
    }
}
