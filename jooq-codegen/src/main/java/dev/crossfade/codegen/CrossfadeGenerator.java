package dev.crossfade.codegen;

import dev.crossfade.codegen.EntityReader.JavaTypes;
import dev.crossfade.control.Databases;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.mappingfile.MappingFile;
import dev.crossfade.mappingfile.MappingReport;
import dev.crossfade.mappingfile.TriedReport;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.Constants;
import org.jooq.codegen.JavaGenerator;
import org.jooq.codegen.JavaWriter;
import org.jooq.meta.ColumnDefinition;
import org.jooq.meta.DataTypeDefinition;
import org.jooq.meta.Database;
import org.jooq.meta.jaxb.GeneratedAnnotationType;
import org.jooq.tools.JooqLogger;

/**
 * Extends jOOQ's Java generator: beside jOOQ's output it writes the records and repositories of the entities in the
 * mapping file. The mapping is baked in, so a service needs no mapping file at run time.
 *
 * <p>Use it with {@link CrossfadeDatabase}, through jOOQ's {@code GenerationTool} or its Maven plugin. The mapping is
 * checked first, against the same tables; while it has an error, nothing is generated. If no input has changed since
 * the last run, nothing is done.
 */
public class CrossfadeGenerator extends JavaGenerator {

    private static final JooqLogger LOG = JooqLogger.getLogger(CrossfadeGenerator.class);

    /**
     * Generates the sources.
     *
     * @throws InvalidInputException if the settings, the mapping or a script is not valid
     * @throws dev.crossfade.model.UnavailableException if there is no database to read
     */
    @Override
    public void generate(Database database) {
        if (!(database instanceof CrossfadeDatabase source)) {
            throw new InvalidInputException("CrossfadeGenerator needs the <database> named %s, not %s."
                    .formatted(
                            CrossfadeDatabase.class.getName(),
                            database.getClass().getName()));
        }
        GenerationSettings settings = source.settings();
        if (settings.side() == Side.LEGACY) {
            throw new InvalidInputException(
                    "CrossfadeGenerator looks at the modern side. For the legacy tables use %s, with the same <database>."
                            .formatted(JavaGenerator.class.getName()));
        }
        String repositories = settings.repositoryPackage().orElse(getTargetPackage() + ".repository");
        if (!repositories.startsWith(getTargetPackage() + ".")) {
            throw new InvalidInputException(
                    "The repositories cannot go into the package %s. Name one below %s, which the generator keeps tidy."
                            .formatted(repositories, getTargetPackage()));
        }
        Fingerprint fingerprint = fingerprint(settings);
        if (settings.skipUnchanged() && source.isMadeFromFiles() && fingerprint.isCurrent()) {
            LOG.info(
                    "Nothing has changed",
                    "Nothing is generated. To generate anyhow, set the property skipUnchanged to false.");
            // Repeat the warnings, so that another build does not look as if they were fixed.
            fingerprint.warnings().forEach(LOG::warn);
            database.getConfiguredForcedTypes().forEach(database::markUsed);
            return;
        }
        Databases databases = source.databases();
        List<String> warnings = new ArrayList<>();
        List<TableMapping> mappings = mappings(settings.mapping(), databases, warnings);
        super.generate(database);
        List<Entity> entities = new EntityReader(
                        database, getStrategy(), new TypesOfColumns(), new UniqueIndexes(databases.dsl(Side.MODERN)))
                .read(mappings);
        entities.forEach(entity -> warnings.addAll(entity.unreadableNumbers()));
        warnings.forEach(LOG::warn);
        new EntitySources(repositories, String.valueOf(settings.mapping().getFileName()), generatedAnnotation())
                .write(entities, Path.of(getTargetDirectory()), Charset.forName(getTargetEncoding()));
        fingerprint.store(warnings);
    }

    private Fingerprint fingerprint(GenerationSettings settings) {
        return Fingerprint.of(
                settings,
                String.join("\n", configurationHash(), Constants.FULL_VERSION, getTargetPackage(), getTargetEncoding()),
                Path.of(getTargetDirectory()),
                getStrategy().getFileRoot().toPath());
    }

    private static List<TableMapping> mappings(Path file, Databases databases, List<String> warnings) {
        TriedReport tried = MappingFile.inspectAndTry(file, databases, Set.of());
        MappingReport report = tried.declared();
        if (!report.errors().isEmpty()) {
            throw new InvalidInputException(
                    "The mapping cannot be used; nothing was generated.\n" + String.join("\n", report.errorLines()));
        }
        warnings.addAll(report.warningLines());
        // The build's tables may be empty, or may be altered before the mirror begins: the gates decide.
        tried.found().forEach(found -> warnings.add(found.in(report.file())));
        return report.mappings();
    }

    /** Does not warn about unknown types. The records hold such columns as PostgreSQL prints them. */
    @Override
    public boolean generateDeprecationOnUnknownTypes() {
        return false;
    }

    /** Returns the type of the annotation that marks generated classes, empty if none is wanted. */
    private String generatedAnnotation() {
        if (!generateGeneratedAnnotation()) {
            return "";
        }
        GeneratedAnnotationType type = generateGeneratedAnnotationType();
        return switch (type == null ? GeneratedAnnotationType.DETECT_FROM_JDK : type) {
            case JAVAX_ANNOTATION_GENERATED -> "javax.annotation.Generated";
            case JAKARTA_ANNOTATION_GENERATED -> "jakarta.annotation.Generated";
            case ORG_JOOQ_GENERATED -> "org.jooq.Generated";
            case DETECT_FROM_JDK, JAVAX_ANNOTATION_PROCESSING_GENERATED -> "javax.annotation.processing.Generated";
        };
    }

    /** Asks jOOQ's generator for types. That needs a writer, which is never written to a file. */
    private final class TypesOfColumns implements JavaTypes {

        private final JavaWriter unwritten = newJavaWriter(new File(getTargetDirectory(), "Unwritten.java"));

        TypesOfColumns() {
            unwritten.ignoreImports(true);
        }

        @Override
        public DataTypeDefinition definition(ColumnDefinition column) {
            return column.getType(resolver(unwritten));
        }

        @Override
        public String of(ColumnDefinition column) {
            return getJavaType(definition(column), unwritten);
        }
    }
}
