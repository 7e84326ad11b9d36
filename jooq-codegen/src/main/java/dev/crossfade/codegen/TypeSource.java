package dev.crossfade.codegen;

import dev.crossfade.codegen.Entity.Component;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.Roles;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.routing.EntityType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Record;

/** Writes the class that describes an entity's Java types to the routing layer, with the mapping baked in. */
final class TypeSource {

    private static final String NEXT = "            ";
    private static final String TABLE = "TABLE";

    private final Entity entity;
    private final TableMapping mapping;

    TypeSource(Entity entity) {
        this.entity = entity;
        this.mapping = entity.mapping();
    }

    void write(JavaFile file, String annotation) {
        String record = entity.name();
        String key = file.type(entity.keyType());
        file.line("/** Tells the routing layer how {@link %s} is stored. */".formatted(record));
        if (!annotation.isEmpty()) {
            file.line(annotation);
        }
        file.line("final class %sType implements %s<%s, %s> {"
                .formatted(record, file.type(EntityType.class), record, key));
        file.gap();
        String table = file.type(entity.table().type());
        file.list(
                "    private static final %s %s = ".formatted(table, TABLE),
                List.of("%s.%s".formatted(table, entity.table().constant())),
                ";");
        file.gap();
        writeFields(file);
        file.gap();
        writeMapping(file);
        method(file, file.type(TableMapping.class) + " mapping()", "return MAPPING;");
        method(file, fieldsType(file) + " fields()", "return FIELDS;");
        begin(file, "%s fromRow(%s row)".formatted(record, file.type(Record.class)));
        file.list("        return new %s(".formatted(record), rowValues(file), ");")
                .line("    }");
        begin(
                file,
                "%s<%s> values(%s entity)"
                        .formatted(file.type(List.class), file.nullable(Object.class.getName()), record));
        file.list("        return %s(".formatted(listOf(file)), stored(entity.components(), "entity"), ");")
                .line("    }");
        begin(file, "%s<%s> keyValues(%s key)".formatted(file.type(List.class), file.type(Object.class), key));
        file.list("        return %s.of(".formatted(file.type(List.class)), keyValues(file), ");")
                .line("    }");
        method(file, "%s key(%s entity)".formatted(key, record), key());
        file.line("}");
    }

    private static void method(JavaFile file, String signature, String body) {
        begin(file, signature);
        file.line("        " + body);
        file.line("    }");
    }

    private static void begin(JavaFile file, String signature) {
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        file.line("    public %s {".formatted(signature));
    }

    private void writeFields(JavaFile file) {
        file.list(
                "    private static final %s FIELDS = %s.of(".formatted(fieldsType(file), file.type(List.class)),
                entity.components().stream()
                        .map(one -> one.fieldOf(file, TABLE))
                        .toList(),
                ");");
    }

    private static String fieldsType(JavaFile file) {
        return "%s<%s<?>>".formatted(file.type(List.class), file.type(Field.class));
    }

    private void writeMapping(JavaFile file) {
        boolean table = mapping.kind() == TableMapping.Kind.TABLE;
        file.line("    private static final %1$s MAPPING = %1$s.%2$s(%3$s)"
                .formatted(file.type(TableMapping.class), table ? "table" : "columns", text(mapping.entity())));
        call(
                file,
                "legacy",
                text(mapping.legacy().schema()),
                text(mapping.legacy().table()));
        if (table) {
            call(
                    file,
                    "modern",
                    text(mapping.modern().schema()),
                    text(mapping.modern().table()));
        }
        for (int i = 0; i < mapping.modern().key().size(); i++) {
            Column modern = mapping.modern().key().get(i);
            call(file, "key", column(file, mapping.legacy().key().get(i)), column(file, modern));
        }
        shared().forEach(one -> call(file, "shared", column(file, one)));
        mapping.project().forEach(one -> call(file, "project", column(file, one.column()), text(one.expression())));
        mapping.restore().forEach(one -> call(file, "restore", column(file, one.column()), text(one.expression())));
        Roles roles = mapping.roles();
        roles.fill().forEach(one -> call(file, "fill", column(file, one.column()), text(one.expression())));
        roles.derived().stream().sorted().forEach(one -> call(file, "derived", text(one)));
        roles.ignored().stream().sorted().forEach(one -> call(file, "ignore", text(one)));
        mapping.parents().stream().sorted().forEach(parent -> call(file, "parent", text(parent)));
        file.line(NEXT + ".build();");
    }

    /** Returns the columns that are in both shapes of a column mapping and have no expression. */
    private List<Column> shared() {
        List<Column> shared = new ArrayList<>(mapping.modern().columns());
        mapping.project().stream().map(Derived::column).forEach(shared::remove);
        mapping.roles().fill().stream().map(Derived::column).forEach(shared::remove);
        return shared;
    }

    private static void call(JavaFile file, String method, String... arguments) {
        file.list("%s.%s(".formatted(NEXT, method), List.of(arguments), ")");
    }

    private static String column(JavaFile file, Column column) {
        String base = column.base().equals(column.type()) ? "" : ", " + text(column.base());
        return "new %s(%s, %s%s)".formatted(file.type(Column.class), text(column.name()), text(column.type()), base);
    }

    private static String text(String value) {
        return JavaText.literal(value, NEXT + "        ");
    }

    private List<String> rowValues(JavaFile file) {
        List<String> values = new ArrayList<>();
        for (Component component : entity.components()) {
            values.add(value(file, component, values.size()));
        }
        return values;
    }

    /** Returns an expression for a value; a cast to a generic type would be unchecked. */
    private static String value(JavaFile file, Component component, int index) {
        String plain = "row.get(%s)".formatted(index);
        if (component.type().equals(Object.class.getName())) {
            return plain;
        }
        return component.type().contains("<")
                ? "%s.getType().cast(%s)".formatted(component.fieldOf(file, TABLE), plain)
                : "(%s) %s".formatted(file.type(component.type()), plain);
    }

    /**
     * Returns the list factory, one that takes null. {@code asList} would take a single array for the list of
     * elements.
     */
    private String listOf(JavaFile file) {
        return entity.components().size() == 1
                ? file.type(Collections.class) + ".singletonList"
                : file.type(Arrays.class) + ".asList";
    }

    private List<String> keyValues(JavaFile file) {
        if (entity.hasCompositeKey()) {
            return stored(entity.key(), "key");
        }
        Component only = entity.key().getFirst();
        return List.of((only.isArray() ? "(%s) ".formatted(file.type(Object.class)) : "") + only.stored(TABLE, "key"));
    }

    private String key() {
        if (!entity.hasCompositeKey()) {
            return "return entity.%s();".formatted(entity.key().getFirst().name());
        }
        return entity.key().stream()
                .map(one -> "entity.%s()".formatted(one.name()))
                .collect(Collectors.joining(", ", "return new %s(".formatted(entity.keyType()), ");"));
    }

    /** Returns the values to store, which have the database's types, not a converter's. */
    private static List<String> stored(List<Component> components, String holder) {
        return components.stream()
                .map(one -> one.stored(TABLE, "%s.%s()".formatted(holder, one.name())))
                .toList();
    }
}
