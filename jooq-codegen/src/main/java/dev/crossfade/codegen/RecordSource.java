package dev.crossfade.codegen;

import dev.crossfade.codegen.Entity.Component;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Writes the record of an entity, and that of a composite key. */
final class RecordSource {

    private final Entity entity;
    private final TableMapping mapping;

    RecordSource(Entity entity) {
        this.entity = entity;
        this.mapping = entity.mapping();
    }

    /** Writes the entity's record. */
    void writeRecord(JavaFile file, String annotation) {
        String modern = JavaText.code(mapping.modern().toString());
        String text = mapping.kind() == TableMapping.Kind.TABLE
                ? "A row of %s, which follows from the row of %s with the same key."
                        .formatted(modern, JavaText.code(mapping.legacy().toString()))
                : "A row of %s: its key, its modern columns, and those that are not migrated.".formatted(modern);
        file.javadoc("", text, origins(entity.components()));
        write(file, annotation, entity.name(), entity.components());
    }

    /** Writes the record of the composite key. */
    void writeKey(JavaFile file, String annotation) {
        file.javadoc("", "The key of {@link %s}.".formatted(entity.name()), origins(entity.key()));
        write(file, annotation, entity.keyType(), entity.key());
    }

    private List<String> origins(List<Component> components) {
        return components.stream()
                .map(one -> "@param %s %s".formatted(one.name(), origin(one)))
                .toList();
    }

    /** Returns where the value of a component comes from. */
    private String origin(Component component) {
        String name = component.column().name();
        int key = mapping.modern().key().indexOf(component.column());
        if (key >= 0) {
            String legacy = mapping.legacy().key().get(key).name();
            String renamed = legacy.equals(name) ? "" : "; %s on the legacy side".formatted(JavaText.code(legacy));
            return JavaText.code(name) + (entity.hasCompositeKey() ? ", part of the key" : ", the key") + renamed;
        }
        return mapping.from(Side.LEGACY).derived().stream()
                .filter(one -> one.column().equals(component.column()))
                .map(one -> one.expression().strip())
                .filter(sql -> !sql.equals(name) && !sql.equals('"' + name + '"'))
                .map(sql -> "%s: %s".formatted(JavaText.code(name), JavaText.code(sql)))
                .findFirst()
                .orElse(JavaText.code(name));
    }

    private void write(JavaFile file, String annotation, String name, List<Component> components) {
        if (!annotation.isEmpty()) {
            file.line(annotation);
        }
        List<Component> arrays = components.stream().filter(Component::isArray).toList();
        List<String> parameters = components.stream()
                .map(one -> type(file, one) + " " + one.name())
                .toList();
        file.list("public record %s(".formatted(name), parameters, arrays.isEmpty() ? ") {}" : ") {");
        if (!arrays.isEmpty()) {
            writeCopies(file, name, arrays);
            writeEquality(file, name, components);
            file.line("}");
        }
    }

    private static String type(JavaFile file, Component component) {
        return component.nullable() ? file.nullable(component.type()) : file.type(component.type());
    }

    /** Writes copies of arrays, so that neither the creator of the record nor its readers can change it. */
    private static void writeCopies(JavaFile file, String name, List<Component> arrays) {
        file.gap();
        file.line("    /** Copies the arrays. */");
        file.line("    public %s {".formatted(name));
        arrays.forEach(one -> file.line("        %s = %s;".formatted(one.name(), copy(one))));
        file.line("    }");
        for (Component array : arrays) {
            file.gap();
            file.line("    /** Returns a copy. */");
            file.line("    @%s".formatted(file.type(Override.class)));
            file.line("    public %s %s() {".formatted(type(file, array), array.name()));
            file.line("        return %s;".formatted(copy(array)));
            file.line("    }");
        }
    }

    /**
     * Returns the copy of an array, or null: a legacy row may be older than the modern side's NOT NULL, and reading it
     * must not fail.
     */
    private static String copy(Component array) {
        return "%1$s == null ? null : %1$s.clone()".formatted(array.name());
    }

    private static void writeEquality(JavaFile file, String name, List<Component> components) {
        String override = "    @%s".formatted(file.type(Override.class));
        String objects = file.type(Objects.class);
        String arrays = file.type(Arrays.class);
        file.gap();
        file.line(override);
        file.line("    public boolean equals(%s other) {".formatted(file.nullable(Object.class.getName())));
        file.line("        return other instanceof %s that".formatted(name));
        file.line(components.stream()
                .map(one -> "                && %s.%s(this.%3$s, that.%3$s)"
                        .formatted(one.isArray() ? arrays : objects, deep(one, "equals", "deepEquals"), one.name()))
                .collect(Collectors.joining("\n", "", ";")));
        file.line("    }");
        file.gap();
        file.line(override);
        file.line("    public int hashCode() {");
        file.line(components.stream()
                .map(one -> one.isArray()
                        ? "                %s.%s(this.%s)"
                                .formatted(arrays, deep(one, "hashCode", "deepHashCode"), one.name())
                        : "                this.%s".formatted(one.name()))
                .collect(Collectors.joining(",\n", "        return %s.hash(\n".formatted(objects), ");")));
        file.line("    }");
        file.gap();
        file.line(override);
        file.line("    public %s toString() {".formatted(file.type(String.class)));
        file.line(components.stream()
                .map(one -> "%s=\" + %s".formatted(one.name(), printed(one, arrays)))
                .collect(Collectors.joining(
                        "\n                + \", ",
                        "        return \"%s[".formatted(name),
                        "\n                + \"]\";")));
        file.line("    }");
    }

    private static String printed(Component component, String arrays) {
        if (component.isBytes()) {
            return "(this.%1$s == null ? null : this.%1$s.length + \" bytes\")".formatted(component.name());
        }
        return component.isArray()
                ? "%s.%s(this.%s)".formatted(arrays, deep(component, "toString", "deepToString"), component.name())
                : "this.%s".formatted(component.name());
    }

    private static String deep(Component component, String flat, String deep) {
        return component.isArray() && component.type().endsWith("[][]") ? deep : flat;
    }
}
