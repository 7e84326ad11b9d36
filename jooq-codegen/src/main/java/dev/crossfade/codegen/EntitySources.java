package dev.crossfade.codegen;

import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The Java files of all entities. */
final class EntitySources {

    private final String packageName;
    private final String mappingFile;
    private final String annotationType;

    /**
     * Creates the sources from what the files have in common.
     *
     * @param annotationType the type of the annotation that marks generated classes, empty for none
     */
    EntitySources(String packageName, String mappingFile, String annotationType) {
        this.packageName = packageName;
        this.mappingFile = mappingFile;
        this.annotationType = annotationType;
    }

    /** Writes the files below a directory. */
    void write(List<Entity> entities, Path target, Charset encoding) {
        Path directory = target.resolve(packageName.replace('.', '/'));
        texts(entities).forEach((name, text) -> {
            Path file = directory.resolve(name + ".java");
            try {
                Files.createDirectories(directory);
                Files.writeString(file, text, encoding);
            } catch (IOException e) {
                throw new CrossfadeException(
                        "%s cannot be written: %s. Generated files need a writable directory and an encoding that has all letters of the mapping."
                                .formatted(file, e),
                        e);
            }
        });
    }

    /** Returns the files' texts by class name. */
    SortedMap<String, String> texts(List<Entity> entities) {
        Set<String> siblings =
                entities.stream().flatMap(one -> one.classes().stream()).collect(Collectors.toUnmodifiableSet());
        SortedMap<String, String> texts = new TreeMap<>();
        texts.put("package-info", packageInfo());
        for (Entity entity : entities) {
            String name = entity.name();
            RecordSource records = new RecordSource(entity);
            RepositorySource repositories = new RepositorySource(entity);
            texts.put(name, text(siblings, records::writeRecord));
            if (entity.hasCompositeKey()) {
                texts.put(entity.keyType(), text(siblings, records::writeKey));
            }
            texts.put(name + "Type", text(siblings, new TypeSource(entity)::write));
            texts.put(name + "Repository", text(siblings, repositories::writeInterface));
            for (Side side : Side.values()) {
                texts.put(
                        JavaNames.capitalised(side.label()) + name + "Repository",
                        text(siblings, (file, annotation) -> repositories.writeSide(file, annotation, side)));
            }
            texts.put("DualWrite" + name + "Repository", text(siblings, repositories::writeDualWrite));
            texts.put("Plain" + name + "Repository", text(siblings, repositories::writePlain));
        }
        return texts;
    }

    private String text(Set<String> siblings, BiConsumer<JavaFile, String> source) {
        JavaFile file = new JavaFile(packageName, siblings);
        String annotation = annotationType.isEmpty()
                ? ""
                : "@%s(\"%s\")".formatted(file.type(annotationType), CrossfadeGenerator.class.getName());
        source.accept(file, annotation);
        return file.text();
    }

    private String packageInfo() {
        return """
                /**
                 * Records and repositories of the entities in %s. Generated: change the mapping instead.
                 */
                @NullMarked
                package %s;

                import org.jspecify.annotations.NullMarked;
                """.formatted(JavaText.code(mappingFile), packageName);
    }
}
