package dev.crossfade.cli;

import dev.crossfade.cli.EntityListReport.Entity;
import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Shows which tables belong to which entity. */
@Command(
        name = "list",
        description = {
            "Shows every entity with its stage and the tables that belong to it.",
            "Exits with 1 if renaming or forgetting one was interrupted."
        },
        footer = {"  crossfade entity list", "  crossfade entity list --output json"})
final class EntityListCommand implements Callable<Integer> {

    private final Invocation invocation;

    EntityListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("entity")) {
            Map<String, Set<SideTable>> tables = EntityTables.all(session.control());
            Map<String, Contraction> contractions = session.contractions();
            List<Entity> entities = new ArrayList<>();
            new TreeMap<>(session.standings())
                    .forEach((entity, standing) -> entities.add(new Entity(
                            entity,
                            standing.stage().label(),
                            Optional.ofNullable(contractions.get(entity))
                                    .map(StatusReport.Contracted::of)
                                    .orElse(null),
                            table(tables.getOrDefault(entity, Set.of()), Side.LEGACY),
                            table(tables.getOrDefault(entity, Set.of()), Side.MODERN))));
            List<String> unfinished = FormerEntities.unfinished(session.control()).stream()
                    .map(Former::command)
                    .toList();
            invocation.print(new EntityListReport(entities, unfinished));
            return (unfinished.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEM).number();
        }
    }

    private static @Nullable String table(Set<SideTable> tables, Side side) {
        return tables.stream()
                .filter(table -> table.side() == side)
                .map(SideTable::toString)
                .findFirst()
                .orElse(null);
    }
}
