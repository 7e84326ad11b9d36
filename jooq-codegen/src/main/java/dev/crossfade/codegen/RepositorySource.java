package dev.crossfade.codegen;

import dev.crossfade.Crossfade;
import dev.crossfade.codegen.Entity.Component;
import dev.crossfade.codegen.Entity.Finder;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the repositories of an entity: the interface, one for each side, and the one that a service uses. */
final class RepositorySource {

    private final Entity entity;
    private final TableMapping mapping;
    private final String repository;

    RepositorySource(Entity entity) {
        this.entity = entity;
        this.mapping = entity.mapping();
        this.repository = entity.name() + "Repository";
    }

    /** Writes the interface. */
    void writeInterface(JavaFile file, String annotation) {
        file.line("/** Finds and changes {@link %s} records, wherever they are stored. */".formatted(entity.name()));
        annotate(file, annotation);
        file.line("public interface %s extends %s<%s> {"
                .formatted(repository, file.type(Repository.class), types(file)));
        for (Finder finder : entity.finders()) {
            file.gap();
            file.line("    /** Returns the record with %s, which %s makes unique. */"
                    .formatted(
                            finder.components().stream()
                                    .map(one -> "this " + JavaText.code(one.column().name()))
                                    .collect(Collectors.joining(" and ")),
                            JavaText.code(finder.index())));
            file.line("    %s;".formatted(signature(file, finder)));
        }
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        file.line("    %s in(%s transaction);".formatted(repository, file.type(Transaction.class)));
        file.line("}");
    }

    /** Writes the repository of one side. */
    void writeSide(JavaFile file, String annotation, Side side) {
        String name = JavaNames.capitalised(side.label()) + repository;
        file.line("/** {@link %s} on the %s side alone, %s: what is written here is not mirrored. */"
                .formatted(repository, side.label(), stored(side)));
        annotate(file, annotation);
        file.line("public final class %s extends %s<%s> implements %s {"
                .formatted(name, file.type(SideRepository.class), types(file), repository));
        constructors(
                file,
                name,
                "crossfade.routing(), new %sType(), %s.%s".formatted(entity.name(), file.type(Side.class), side),
                "from, transaction");
        for (Finder finder : entity.finders()) {
            String columns = finder.components().stream()
                    .map(one -> JavaText.literal(one.column().name(), ""))
                    .collect(Collectors.joining(", "));
            String values = finder.components().stream()
                    .map(one -> value(file, one))
                    .collect(Collectors.joining(", "));
            method(
                    file,
                    "public " + signature(file, finder),
                    "return findUnique(%s.of(%s), %s);".formatted(file.type(List.class), columns, values));
        }
        in(file, name);
    }

    /** Writes the repository that a service uses. */
    void writeDualWrite(JavaFile file, String annotation) {
        String name = "DualWrite" + repository;
        file.line("/**");
        file.line(" * {@link %s} as the stage of the entity %s asks for: writes go to the authoritative side and are"
                .formatted(repository, JavaText.code(mapping.entity())));
        file.line(" * mirrored on the other one, reads are answered by whichever side the stage picks.");
        file.line(" */");
        annotate(file, annotation);
        file.line("public final class %s extends %s<%s, %s>"
                .formatted(name, file.type(DualWriteRepository.class), types(file), repository));
        file.line("        implements %s {".formatted(repository));
        constructors(
                file,
                name,
                "crossfade.routing(), new %1$sType(), new Legacy%2$s(crossfade), new Modern%2$s(crossfade)"
                        .formatted(entity.name(), repository),
                "from, transaction, from.legacy().in(transaction), from.modern().in(transaction)");
        for (Finder finder : entity.finders()) {
            List<String> parameters =
                    finder.components().stream().map(Component::name).toList();
            String side = JavaNames.unlike("side", parameters);
            method(
                    file,
                    "public " + signature(file, finder),
                    "return read(%1$s -> %1$s.%2$s(%3$s));"
                            .formatted(side, finder.method(), String.join(", ", parameters)));
        }
        in(file, name);
    }

    private String stored(Side side) {
        Relation relation = mapping.relation(side);
        return mapping.kind() == TableMapping.Kind.TABLE
                ? "the table " + JavaText.code(relation.toString())
                : "the %s columns of %s".formatted(side.label(), JavaText.code(relation.toString()));
    }

    private String types(JavaFile file) {
        return entity.name() + ", " + file.type(entity.keyType());
    }

    private String signature(JavaFile file, Finder finder) {
        String parameters = finder.components().stream()
                .map(one -> "%s %s".formatted(file.type(one.type()), one.name()))
                .collect(Collectors.joining(", "));
        return "%s<%s> %s(%s)".formatted(file.type(Optional.class), entity.name(), finder.method(), parameters);
    }

    private String value(JavaFile file, Component component) {
        if (component.converted()) {
            String table = file.type(entity.table().type()) + "." + entity.table().constant();
            return "%s.getConverter().to(%s)".formatted(component.fieldOf(table), component.name());
        }
        return component.isArray()
                ? "(%s) %s".formatted(file.type(Object.class), component.name())
                : component.name();
    }

    private static void annotate(JavaFile file, String annotation) {
        if (!annotation.isEmpty()) {
            file.line(annotation);
        }
    }

    private static void constructors(JavaFile file, String name, String free, String bound) {
        file.gap();
        file.line("    /** Makes a repository whose statements each have a transaction of their own. */");
        file.line("    public %s(%s crossfade) {".formatted(name, file.type(Crossfade.class)));
        file.line("        super(%s);".formatted(free));
        file.line("    }");
        file.gap();
        file.line("    private %1$s(%1$s from, %2$s transaction) {".formatted(name, file.type(Transaction.class)));
        file.line("        super(%s);".formatted(bound));
        file.line("    }");
    }

    private static void in(JavaFile file, String name) {
        method(
                file,
                "public %s in(%s transaction)".formatted(name, file.type(Transaction.class)),
                "return new %s(this, transaction);".formatted(name));
        file.line("}");
    }

    private static void method(JavaFile file, String signature, String body) {
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        file.line("    %s {".formatted(signature));
        file.line("        %s".formatted(body));
        file.line("    }");
    }
}
