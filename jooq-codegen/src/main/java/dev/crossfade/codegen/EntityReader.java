package dev.crossfade.codegen;

import dev.crossfade.codegen.Entity.Access;
import dev.crossfade.codegen.Entity.Component;
import dev.crossfade.codegen.Entity.Finder;
import dev.crossfade.codegen.Entity.JooqTable;
import dev.crossfade.codegen.UniqueIndexes.UniqueIndex;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.codegen.GeneratorStrategy;
import org.jooq.meta.ColumnDefinition;
import org.jooq.meta.DataTypeDefinition;
import org.jooq.meta.Database;
import org.jooq.meta.SchemaDefinition;
import org.jooq.meta.TableDefinition;
import org.jspecify.annotations.Nullable;

/** Joins the mappings with jOOQ's definitions of the modern tables. It collects every problem before it gives up. */
final class EntityReader {

    private final Database database;
    private final GeneratorStrategy strategy;
    private final JavaTypes types;
    private final UniqueIndexes indexes;
    private final List<String> problems = new ArrayList<>();

    EntityReader(Database database, GeneratorStrategy strategy, JavaTypes types, UniqueIndexes indexes) {
        this.database = database;
        this.strategy = strategy;
        this.types = types;
        this.indexes = indexes;
    }

    /** How jOOQ's generator maps columns to types. */
    interface JavaTypes {

        /** Returns the definition of a column's type. */
        DataTypeDefinition definition(ColumnDefinition column);

        /** Returns the Java type of a column, with packages. */
        String of(ColumnDefinition column);
    }

    /**
     * Returns the entities in name order.
     *
     * @throws InvalidInputException if one of them cannot be generated; the message lists every problem
     */
    List<Entity> read(List<TableMapping> mappings) {
        List<Entity> entities = mappings.stream()
                .sorted((one, other) -> one.entity().compareTo(other.entity()))
                .map(this::read)
                .filter(Objects::nonNull)
                .toList();
        refuseEqualNames(entities);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(
                    "The repositories cannot be generated.\n- " + String.join("\n- ", problems));
        }
        return entities;
    }

    private @Nullable Entity read(TableMapping mapping) {
        Relation modern = mapping.modern();
        SchemaDefinition schema = database.getSchema(modern.schema());
        TableDefinition table = schema == null ? null : database.getTable(schema, modern.table());
        if (table == null) {
            problems.add(
                    "%s: jOOQ does not generate the modern table %s. Include its schema and the table (inputSchema, includes, excludes)."
                            .formatted(mapping.entity(), modern));
            return null;
        }
        List<Component> components = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Column column : modern.allColumns()) {
            ColumnDefinition definition = table.getColumn(column.name());
            if (definition == null) {
                problems.add("%s: jOOQ does not generate the column %s of %s. Include it (includes, excludes)."
                        .formatted(mapping.entity(), column.name(), modern));
            } else {
                Component component = component(mapping, column, definition, names);
                names.add(component.name());
                components.add(component);
            }
        }
        JooqTable jooqTable = new JooqTable(strategy.getFullJavaClassName(table), strategy.getJavaIdentifier(table));
        return new Entity(
                mapping, JavaNames.type(mapping.entity()), jooqTable, components, finders(modern, components));
    }

    private Component component(
            TableMapping mapping, Column column, ColumnDefinition definition, Set<String> otherNames) {
        DataTypeDefinition type = types.definition(definition);
        if (type.isUDT() || type.isTable() || type.isUDTArray() || type.isTableArray()) {
            problems.add("%s: the column %s of %s has the composite type %s. Map its fields to columns of their own."
                    .formatted(mapping.entity(), column.name(), mapping.modern(), column.type()));
        }
        boolean converted = !isBlank(type.getConverter()) || !isBlank(type.getBinding());
        boolean key = mapping.modern().key().contains(column);
        String javaType = types.of(definition);
        boolean printed = javaType.startsWith(Object.class.getName()) && !converted;
        return new Component(
                column,
                JavaNames.component(column.name(), otherNames),
                printed ? javaType.replace(Object.class.getName(), String.class.getName()) : javaType,
                strategy.getJavaIdentifier(definition),
                !key && type.isNullable(),
                converted ? Access.CONVERTED : printed ? Access.PRINTED : Access.PLAIN);
    }

    private List<Finder> finders(Relation modern, List<Component> components) {
        Map<String, Component> byColumn =
                components.stream().collect(Collectors.toMap(one -> one.column().name(), Function.identity()));
        Set<Set<String>> known = new HashSet<>();
        known.add(modern.key().stream().map(Column::name).collect(Collectors.toSet()));
        List<Finder> finders = new ArrayList<>();
        for (UniqueIndex index : indexes.of(modern)) {
            if (byColumn.keySet().containsAll(index.columns()) && known.add(Set.copyOf(index.columns()))) {
                finders.add(
                        new Finder(index.columns().stream().map(byColumn::get).toList(), index.name()));
            }
        }
        return finders;
    }

    /** Refuses names that differ only in case: they are one file on some systems. */
    private void refuseEqualNames(List<Entity> entities) {
        Map<String, Entity> owners = new HashMap<>();
        for (Entity entity : entities) {
            for (String name : entity.classes()) {
                Entity owner = owners.putIfAbsent(name.toLowerCase(Locale.ROOT), entity);
                if (owner != null) {
                    problems.add("%s and %s: both give a class %s. Rename one of the entities."
                            .formatted(
                                    owner.mapping().entity(), entity.mapping().entity(), name));
                }
            }
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
