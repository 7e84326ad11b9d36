package dev.crossfade.mappingfile;

import dev.crossfade.check.Finding;
import dev.crossfade.check.LiveTable;
import dev.crossfade.check.LiveTable.LiveColumn;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mapping.TableMapping.Kind;
import dev.crossfade.mappingfile.Declaration.Written;
import dev.crossfade.model.Side;
import dev.crossfade.sql.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Name;

/** Builds the mapping of one entity from its declaration and its live tables. */
final class EntityAssembly {

    private static final String UNKNOWN_TYPE = "";

    private final Declaration declaration;
    private final String entity;
    private final Tables tables;
    private final FileNotes notes;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> modern = new HashSet<>();

    EntityAssembly(Declaration declaration, Tables tables, FileNotes notes) {
        this.declaration = declaration;
        this.entity = declaration.entity().text();
        this.tables = tables;
        this.notes = notes;
    }

    /**
     * Returns the mapping.
     *
     * @param all the tables of all entities, for the parents among them
     */
    TableMapping mapping(Map<String, Tables> all) {
        boolean inPlace = declaration.kind() == Kind.COLUMN;
        TableMapping.Builder builder = inPlace ? TableMapping.columns(entity) : TableMapping.table(entity);
        Name legacy = tables.legacy().name();
        Name target = tables.modern().name();
        builder.legacy(schema(legacy), table(legacy)).modern(schema(target), table(target));
        declaration.key().forEach(pair -> {
            Column legacyColumn = column(Side.LEGACY, "key", pair.legacy());
            builder.key(legacyColumn, inPlace ? legacyColumn : column(Side.MODERN, "key", pair.modern()));
        });
        declaration
                .project()
                .forEach(entry -> builder.project(column(Side.MODERN, "project", entry.column()), entry.expression()));
        declaration
                .restore()
                .forEach(entry -> builder.restore(column(Side.LEGACY, "restore", entry.column()), entry.expression()));
        declaration
                .roles()
                .fill()
                .forEach(entry -> builder.fill(column(Side.MODERN, "fill", entry.column()), entry.expression()));
        declaration.roles().derived().forEach(written -> builder.derived(named("derived", written)));
        Set<String> ignored = ignored();
        ignored.forEach(builder::ignore);
        if (inPlace) {
            tables.legacy()
                    .live()
                    .ifPresent(live -> live.columns().stream()
                            .filter(column -> column.isWritable()
                                    && !taken.contains(column.name())
                                    && !ignored.contains(column.name()))
                            .forEach(column -> builder.shared(column.column())));
        }
        all.forEach((other, theirs) -> {
            if (!other.equals(entity) && tables.referTo(theirs)) {
                builder.parent(other);
            }
        });
        return builder.build();
    }

    private Set<String> ignored() {
        Set<String> ignored = new TreeSet<>();
        for (Written written : declaration.roles().ignore()) {
            String name = named("ignore", written);
            ignored.add(name);
            boolean mapped = declaration.kind() == Kind.COLUMN ? taken.contains(name) : modern.contains(name);
            if (mapped) {
                notes.error(
                        written.line(),
                        Finding.path(entity, "ignore", name),
                        "The column '%s' is mapped and ignored.".formatted(name),
                        "Take it off the ignored columns, or out of the other parts of the mapping.");
            }
        }
        return ignored;
    }

    /** Returns the name of a column of the modern table that has a role and no expression. */
    private String named(String section, Written written) {
        Optional<LiveTable> table = tables.modern().live();
        List<String> live = table.map(LiveTable::columnNames).orElseGet(List::of);
        String name = SqlName.column(written.text(), live::contains);
        notes.place(Finding.path(entity, section, name), written.line());
        if (table.isPresent() && !live.contains(name)) {
            notes.error(
                    written.line(),
                    Finding.path(entity, section, name),
                    "The table %s has no column '%s'.".formatted(table.get(), name),
                    Spelling.remedy(name, live, "Its columns are: %s.".formatted(String.join(", ", live))));
        }
        return name;
    }

    private Column column(Side side, String section, Written written) {
        Optional<LiveTable> table = tables.of(side).live();
        String name = SqlName.column(
                written.text(),
                exact -> table.flatMap(live -> live.column(exact)).isPresent());
        notes.place(Finding.path(entity, section, name), written.line());
        taken.add(name);
        if (side == Side.MODERN) {
            modern.add(name);
        }
        return table.flatMap(live -> live.column(name))
                .map(LiveColumn::column)
                .orElseGet(() -> new Column(name, UNKNOWN_TYPE));
    }

    private static String schema(Name name) {
        return name.getName()[0];
    }

    private static String table(Name name) {
        return name.getName()[1];
    }
}
