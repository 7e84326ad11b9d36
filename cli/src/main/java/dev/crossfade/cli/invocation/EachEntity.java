package dev.crossfade.cli.invocation;

import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.operate.EntityMappings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Does something for each of several entities: one that cannot be worked on, or fails, does not keep the others from
 * it. It is told in a line of its own, and the command exits with a problem. Not thread-safe.
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
     * Does the work, parents first.
     *
     * @throws CrossfadeException if it came to nothing for any entity: the first reason
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

    /** Returns how the command ends that would end so if every entity had been worked on. */
    public ExitCode exit(ExitCode otherwise) {
        boolean whole = failures.isEmpty() && entities.leftOut().isEmpty();
        return whole || otherwise != ExitCode.DONE ? otherwise : ExitCode.PROBLEM;
    }
}
