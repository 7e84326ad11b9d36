package dev.crossfade.codegen;

import dev.crossfade.codegen.Entity.Component;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.Derived;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.routing.EntityType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Record;

/** Writes what tells the routing layer of an entity's Java types, the mapping baked in. */
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
        file.line("    private static final %s %s = %s;"
                .formatted(
                        file.type(entity.table().type()),
                        TABLE,
                        file.type(entity.table().type()) + "." + entity.table().constant()));
        file.gap();
        writeFields(file);
        file.gap();
        writeMapping(file);
        method(file, file.type(TableMapping.class) + " mapping()", "return MAPPING;");
        method(file, fieldsType(file) + " fields()", "return FIELDS;");
        method(file, "%s fromRow(%s row)".formatted(record, file.type(Record.class)), fromRow(file));
        String values = "%s<%s>".formatted(file.type(List.class), file.nullable(Object.class.getName()));
        method(file, "%s values(%s entity)".formatted(values, record), values(file, entity.components()));
        String keyValues = "%s<%s>".formatted(file.type(List.class), file.type(Object.class));
        method(file, "%s keyValues(%s key)".formatted(keyValues, key), keyValues(file));
        method(file, "%s key(%s entity)".formatted(key, record), key());
        file.line("}");
    }

    private static void method(JavaFile file, String signature, String body) {
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        file.line("    public %s {".formatted(signature));
        file.line("        " + body);
        file.line("    }");
    }

    private void writeFields(JavaFile file) {
        file.line("    private static final %s FIELDS = %s.of(".formatted(fieldsType(file), file.type(List.class)));
        file.line(entity.components().stream()
                .map(one -> NEXT + one.fieldOf(TABLE))
                .collect(Collectors.joining(",\n", "", ");")));
    }

    private static String fieldsType(JavaFile file) {
        return "%s<%s<?>>".formatted(file.type(List.class), file.type(Field.class));
    }

    private void writeMapping(JavaFile file) {
        boolean table = mapping.kind() == TableMapping.Kind.TABLE;
        file.line("    private static final %1$s MAPPING = %1$s.%2$s(%3$s)"
                .formatted(file.type(TableMapping.class), table ? "table" : "columns", text(mapping.entity())));
        call(file, "legacy", text(mapping.legacy().schema()), text(mapping.legacy().table()));
        if (table) {
            call(file, "modern", text(mapping.modern().schema()), text(mapping.modern().table()));
        }
        for (int i = 0; i < mapping.modern().key().size(); i++) {
            call(
                    file,
                    "key",
                    column(file, mapping.legacy().key().get(i)),
                    column(file, mapping.modern().key().get(i)));
        }
        shared().forEach(one -> call(file, "shared", column(file, one)));
        mapping.project().forEach(one -> call(file, "project", column(file, one.column()), text(one.expression())));
        mapping.restore().forEach(one -> call(file, "restore", column(file, one.column()), text(one.expression())));
        mapping.parents().stream().sorted().forEach(parent -> call(file, "parent", text(parent)));
        call(file, "build();");
    }

    /** What is in both shapes of a column mapping without following from anything. */
    private List<Column> shared() {
        List<Column> shared = new ArrayList<>(mapping.modern().columns());
        mapping.project().stream().map(Derived::column).forEach(shared::remove);
        return shared;
    }

    private static void call(JavaFile file, String method, String... arguments) {
        file.line(NEXT + "." + method + (arguments.length == 0 ? "" : "(" + String.join(", ", arguments) + ")"));
    }

    private static String column(JavaFile file, Column column) {
        return "new %s(%s, %s)".formatted(file.type(Column.class), text(column.name()), text(column.type()));
    }

    private static String text(String value) {
        return JavaText.literal(value, NEXT + "        ");
    }

    private String fromRow(JavaFile file) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < entity.components().size(); i++) {
            arguments.add("                " + value(file, entity.components().get(i), i));
        }
        return "return new %s(\n%s);".formatted(entity.name(), String.join(",\n", arguments));
    }

    /** A cast to a generic type would be unchecked. */
    private static String value(JavaFile file, Component component, int index) {
        String plain = "row.get(%d)".formatted(index);
        if (component.type().equals(Object.class.getName())) {
            return plain;
        }
        return component.type().contains("<")
                ? "%s.getDataType().convert(%s)".formatted(component.fieldOf(TABLE), plain)
                : "(%s) %s".formatted(file.type(component.type()), plain);
    }

    private static String values(JavaFile file, List<Component> components) {
        if (components.size() == 1) {
            return "return %s.singletonList(%s);"
                    .formatted(file.type(Collections.class), stored(components.getFirst(), "entity"));
        }
        return components.stream()
                .map(one -> "                " + stored(one, "entity"))
                .collect(Collectors.joining(",\n", "return %s.asList(\n".formatted(file.type(Arrays.class)), ");"));
    }

    private String keyValues(JavaFile file) {
        if (!entity.hasCompositeKey()) {
            Component only = entity.key().getFirst();
            return only.isArray()
                    ? "return %s.singletonList(%s);".formatted(file.type(Collections.class), converted(only, "key"))
                    : "return %s.of(%s);".formatted(file.type(List.class), converted(only, "key"));
        }
        return entity.key().stream()
                .map(one -> stored(one, "key"))
                .collect(Collectors.joining(", ", "return %s.of(".formatted(file.type(List.class)), ");"));
    }

    private String key() {
        if (!entity.hasCompositeKey()) {
            return "return entity.%s();".formatted(entity.key().getFirst().name());
        }
        return entity.key().stream()
                .map(one -> "entity.%s()".formatted(one.name()))
                .collect(Collectors.joining(", ", "return new %s(".formatted(entity.keyType()), ");"));
    }

    private static String stored(Component component, String holder) {
        return converted(component, "%s.%s()".formatted(holder, component.name()));
    }

    /** The routing layer stores values of the database's types, not those that a converter makes of them. */
    private static String converted(Component component, String value) {
        return component.converted()
                ? "%s.getConverter().to(%s)".formatted(component.fieldOf(TABLE), value)
                : value;
    }
}
