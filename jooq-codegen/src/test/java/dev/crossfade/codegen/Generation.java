package dev.crossfade.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Property;
import org.jooq.meta.jaxb.Target;

/** A run of jOOQ's generator with ours, into a directory of the test's. */
final class Generation {

    static final String PACKAGE = "com.example.generated";

    private final Path target;
    private final Configuration configuration;

    /** Prepares a run with the given properties of the database. */
    Generation(Path target, Map<String, String> properties) {
        this.target = target;
        this.configuration = new Configuration()
                .withLogging(Logging.WARN)
                .withGenerator(new Generator()
                        .withName(CrossfadeGenerator.class.getName())
                        .withDatabase(new Database()
                                .withName(CrossfadeDatabase.class.getName())
                                .withProperties(properties.entrySet().stream()
                                        .map(one -> new Property()
                                                .withKey(one.getKey())
                                                .withValue(one.getValue()))
                                        .toList()))
                        .withGenerate(new Generate())
                        .withTarget(new Target().withPackageName(PACKAGE).withDirectory(target.toString())));
    }

    /** Returns the settings of a run on a directory of the test's resources. */
    static Map<String, String> resources(String directory) {
        return Map.of(
                "basedir", directory(directory).toString(),
                "scripts", "V*.sql",
                "migrations", "migrations",
                "mapping", "crossfade.yaml");
    }

    /** Returns a directory of the test's resources. */
    static Path directory(String name) {
        try {
            URL url = Generation.class.getResource("/" + name);
            assertThat(url).as(name).isNotNull();
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns jOOQ's configuration, to be changed before the run. */
    Configuration configuration() {
        return configuration;
    }

    /** Generates. */
    Generation run() throws Exception {
        GenerationTool.generate(configuration);
        return this;
    }

    /** Returns the text of a generated class. */
    String text(String className) {
        try {
            return Files.readString(target.resolve(className.replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns all generated files, in order. */
    List<Path> files() {
        if (!Files.exists(target)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles everything, together with sources of the test's, every warning an error; returns a loader of it. */
    ClassLoader compile(Path classes, List<Path> more) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<Path> sources = new ArrayList<>(files());
        sources.addAll(more);
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean succeeded = compiler.getTask(
                            output,
                            manager,
                            null,
                            List.of("-d", classes.toString(), "-Xlint:all", "-Werror", "-proc:none", "--release", "21"),
                            null,
                            manager.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(output.toString()).isEmpty();
            assertThat(succeeded).isTrue();
        }
        return new URLClassLoader(new URL[] {classes.toUri().toURL()}, Generation.class.getClassLoader());
    }
}
