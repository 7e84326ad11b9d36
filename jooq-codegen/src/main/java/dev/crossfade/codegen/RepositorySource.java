package dev.crossfade.codegen;

import dev.crossfade.Crossfade;
import dev.crossfade.codegen.Entity.Access;
import dev.crossfade.codegen.Entity.Component;
import dev.crossfade.codegen.Entity.Finder;
import dev.crossfade.mapping.Relation;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.PlainRepository;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/**
 * Writes the repositories of an entity: the interface, one for each side, the routing one that a service uses, and the
 * one for after the contraction.
 */
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
        file.javadoc(
                "",
                "Finds and changes {@link %s} records, wherever they are stored.".formatted(entity.name()),
                List.of());
        annotate(file, annotation);
        file.line(
                "public interface %s extends %s<%s> {".formatted(repository, file.type(Repository.class), types(file)));
        for (Finder finder : entity.finders()) {
            file.gap();
            String columns = finder.components().stream()
                    .map(one -> "this " + JavaText.code(one.column().name()))
                    .collect(Collectors.joining(" and "));
            file.javadoc(
                    "    ",
                    "Returns the record with %s, which %s makes unique."
                            .formatted(columns, JavaText.code(finder.index())),
                    List.of());
            declare(file, "    ", finder, ");");
        }
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        file.line("    %s in(%s transaction);".formatted(repository, file.type(Transaction.class)));
        file.line("}");
    }

    /** Writes the repository of one side. */
    void writeSide(JavaFile file, String annotation, Side side) {
        String name = JavaNames.capitalised(side.label()) + repository;
        file.javadoc(
                "",
                "{@link %s} on the %s side alone, %s. What is written here is not mirrored."
                        .formatted(repository, side.label(), stored(side)),
                List.of());
        annotate(file, annotation);
        declare(file, name, "%s<%s>".formatted(file.type(SideRepository.class), types(file)));
        constructors(
                file,
                name,
                routed(
                        file,
                        List.of(
                                "crossfade.routing()",
                                "new %sType()".formatted(entity.name()),
                                "%s.%s".formatted(file.type(Side.class), side))),
                List.of("from", "transaction"));
        uniqueFinders(file);
        in(file, name);
    }

    /** Writes the repository that takes over when the entity is contracted. */
    void writePlain(JavaFile file, String annotation) {
        String name = "Plain" + repository;
        file.javadoc(
                "",
                ("{@link %s} on %s alone, without the routing layer: for when the entity is contracted. Before that, what is "
                                + "written here is not mirrored.")
                        .formatted(repository, stored(Side.MODERN)),
                List.of());
        annotate(file, annotation);
        declare(file, name, "%s<%s>".formatted(file.type(PlainRepository.class), types(file)));
        constructors(
                file,
                name,
                new FreeConstructor(
                        "Makes a repository on the modern database, in whatever transaction the context is.",
                        file.type(DSLContext.class) + " modern",
                        List.of("modern", "new %sType()".formatted(entity.name()))),
                List.of("from", "transaction"));
        uniqueFinders(file);
        in(file, name);
    }

    private void uniqueFinders(JavaFile file) {
        for (Finder finder : entity.finders()) {
            String columns = finder.components().stream()
                    .map(one -> JavaText.literal(one.column().name(), ""))
                    .collect(Collectors.joining(", "));
            String values =
                    finder.components().stream().map(one -> value(file, one)).collect(Collectors.joining(", "));
            finder(file, finder, "return findUnique(%s.of(%s), %s);".formatted(file.type(List.class), columns, values));
        }
    }

    /** Writes the repository that a service uses. */
    void writeDualWrite(JavaFile file, String annotation) {
        String name = "DualWrite" + repository;
        file.javadoc(
                "",
                ("{@link %s} as the stage of the entity %s asks for: writes go to the authoritative side and are mirrored "
                                + "on the other one, reads are answered by the side that the stage picks.")
                        .formatted(repository, JavaText.code(mapping.entity())),
                List.of());
        annotate(file, annotation);
        declare(file, name, "%s<%s, %s>".formatted(file.type(DualWriteRepository.class), types(file), repository));
        constructors(
                file,
                name,
                routed(
                        file,
                        List.of(
                                "crossfade.routing()",
                                "new %sType()".formatted(entity.name()),
                                "new Legacy%s(crossfade)".formatted(repository),
                                "new Modern%s(crossfade)".formatted(repository))),
                List.of("from", "transaction", "from.legacy().in(transaction)", "from.modern().in(transaction)"));
        for (Finder finder : entity.finders()) {
            List<String> parameters =
                    finder.components().stream().map(Component::name).toList();
            String side = JavaNames.unlike("side", parameters);
            finder(
                    file,
                    finder,
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

    /** Declares a class that implements the interface. */
    private void declare(JavaFile file, String name, String base) {
        file.list(
                "public final class %s extends %s".formatted(name, base),
                List.of(" implements %s {".formatted(repository)),
                "");
    }

    /** Declares a finder. */
    private void declare(JavaFile file, String indent, Finder finder, String tail) {
        file.list(
                "%s%s<%s> %s(".formatted(indent, file.type(Optional.class), entity.name(), finder.method()),
                finder.components().stream()
                        .map(one -> file.type(one.type()) + " " + one.name())
                        .toList(),
                tail);
    }

    private void finder(JavaFile file, Finder finder, String body) {
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        declare(file, "    public ", finder, ") {");
        file.line("        " + body);
        file.line("    }");
    }

    /** Returns an expression for a value; an array on its own would be taken for the list of values. */
    private String value(JavaFile file, Component component) {
        String value = component.access() == Access.CONVERTED
                ? component.stored(
                        file.type(entity.table().type()) + "." + entity.table().constant(), component.name())
                : component.name();
        return component.isArray() ? "(%s) %s".formatted(file.type(Object.class), value) : value;
    }

    private static void annotate(JavaFile file, String annotation) {
        if (!annotation.isEmpty()) {
            file.line(annotation);
        }
    }

    /**
     * The constructor of a repository that is not bound to a transaction.
     *
     * @param arguments the arguments of its base class
     */
    private record FreeConstructor(String sentence, String parameter, List<String> arguments) {}

    private static FreeConstructor routed(JavaFile file, List<String> arguments) {
        return new FreeConstructor(
                "Makes a repository whose statements each have a transaction of their own.",
                file.type(Crossfade.class) + " crossfade",
                arguments);
    }

    private static void constructors(JavaFile file, String name, FreeConstructor free, List<String> bound) {
        file.gap();
        file.line("    /** %s */".formatted(free.sentence()));
        file.line("    public %s(%s) {".formatted(name, free.parameter()));
        file.list("        super(", free.arguments(), ");");
        file.line("    }");
        file.gap();
        file.list(
                "    private %s(".formatted(name),
                List.of(name + " from", file.type(Transaction.class) + " transaction"),
                ") {");
        file.list("        super(", bound, ");");
        file.line("    }");
    }

    private static void in(JavaFile file, String name) {
        file.gap();
        file.line("    @%s".formatted(file.type(Override.class)));
        file.line("    public %s in(%s transaction) {".formatted(name, file.type(Transaction.class)));
        file.line("        return new %s(this, transaction);".formatted(name));
        file.line("    }");
        file.line("}");
    }
}
