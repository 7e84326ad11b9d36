package dev.crossfade.cli.invocation;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.operate.EntityMappings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a command's work for each of several entities. One that cannot be used, or fails, does not keep the others from
 * it: it gets a line of its own, and the command exits with a problem. Not thread-safe.
 */
public final class EachEntity {

    private final Invocation invocation;
    private final EntityMappings entities;
    private final List<CrossfadeException> failures = new ArrayList<>();

    public EachEntity(Invocation invocation, EntityMappings entities) {
        this.invocation = invocation;
        this.entities = entities;
    }

    /**
     * Runs the work, parents first.
     *
     * @throws CrossfadeException if no entity succeeded, with the first reason
     */
    public void run(Consumer<TableMapping> work) {
        for (TableMapping mapping : entities.usable()) {
            try {
                work.accept(mapping);
            } catch (CrossfadeException e) {
                failures.add(e);
                if (entities.names().size() > 1) {
                    invocation.complain(EntityMappings.line(mapping.entity(), e));
                }
            }
        }
        entities.contractedLines().forEach(line -> invocation.say("%s", line));
        entities.leftOutLines().forEach(invocation::complain);
        if (failures.size() == entities.usable().size() && !failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /** Returns the given exit code if every entity could be used, otherwise that of a problem. */
    public ExitCode exit(ExitCode otherwise) {
        boolean whole = failures.isEmpty() && entities.leftOut().isEmpty();
        return whole || otherwise != ExitCode.DONE ? otherwise : ExitCode.PROBLEM;
    }
}
