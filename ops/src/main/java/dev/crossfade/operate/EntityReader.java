package dev.crossfade.operate;

import dev.crossfade.control.Contractions.Contraction;
import dev.crossfade.control.EntityTables;
import dev.crossfade.control.EntityTables.SideTable;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.model.Side;
import dev.crossfade.operate.report.EntityListReport;
import dev.crossfade.operate.report.EntityListReport.Entity;
import dev.crossfade.operate.report.StatusReport.Contracted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows which tables belong to which entity. */
public final class EntityReader {

    private final OperatorSession session;

    /** Creates it for a session. */
    public EntityReader(OperatorSession session) {
        this.session = session;
    }

    /** Returns every known entity by name, and the interrupted commands on names. */
    public EntityListReport read() {
        Map<String, Set<SideTable>> tables = EntityTables.all(session.control());
        Map<String, Contraction> contractions = session.contractions();
        List<Entity> entities = new ArrayList<>();
        new TreeMap<>(session.standings())
                .forEach((entity, standing) -> entities.add(new Entity(
                        entity,
                        standing.stage().label(),
                        Optional.ofNullable(contractions.get(entity))
                                .map(Contracted::of)
                                .orElse(null),
                        table(tables.getOrDefault(entity, Set.of()), Side.LEGACY),
                        table(tables.getOrDefault(entity, Set.of()), Side.MODERN))));
        return new EntityListReport(
                entities,
                FormerEntities.unfinished(session.control()).stream()
                        .map(Former::command)
                        .toList());
    }

    private static @Nullable String table(Set<SideTable> tables, Side side) {
        return tables.stream()
                .filter(table -> table.side() == side)
                .map(SideTable::toString)
                .findFirst()
                .orElse(null);
    }
}
