package dev.crossfade.testing;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The limits of a module's house: its public types are those of a list, and packages, classes and methods are not too
 * large. Whatever is larger is an exception on the list, with a reason and the size that it may have; an exception that
 * is not needed any more has to go.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class HouseLimits {

    private static final int FILES = 30;
    private static final int PUBLIC_TYPES = 12;
    private static final int LINES = 400;
    private static final int PARAMETERS = 5;
    /** A constructor of an enum has its constant's name and number besides. */
    private static final int OF_EVERY_ENUM = 2;

    private static final String OWN = "own ";
    private static final String SAYS_SO = "public for Crossfade's own packages";
    private static final Pattern EXCEPTION = Pattern.compile("allow (\\S+) (\\S+?)(?: (\\d+))?: \\S.*");

    private final JavaClasses classes;
    private final Path sources;
    private final Map<String, Set<String>> listed = new TreeMap<>();
    private final Map<String, Set<String>> own = new TreeMap<>();
    private final Map<String, Integer> allowed = new TreeMap<>();
    private final List<String> passedOver = new ArrayList<>();

    /**
     * Reads a module.
     *
     * @param list the name of the resource with the list
     * @param root the package that all of the module's packages begin with
     */
    protected HouseLimits(String list, String root) {
        this.sources = Files.isDirectory(Path.of("main/java")) ? Path.of("main/java") : Path.of("src/main/java");
        this.classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .withImportOption(location -> !location.contains("test-classes"))
                .importPackages(root);
        read(list);
    }

    private void read(String list) {
        String name = "";
        for (String line : text(list).lines().toList()) {
            Matcher exception = EXCEPTION.matcher(line);
            if (exception.matches()) {
                if (exception.group(1).equals("everything")) {
                    passedOver.add(exception.group(2));
                } else {
                    allowed.put(exception.group(1) + " " + exception.group(2), Integer.valueOf(exception.group(3)));
                }
            } else if (line.startsWith("  ")) {
                String type = line.strip();
                listed.get(name).add(type.startsWith(OWN) ? type.substring(OWN.length()) : type);
                if (type.startsWith(OWN)) {
                    own.computeIfAbsent(name, one -> new TreeSet<>()).add(type.substring(OWN.length()));
                }
            } else if (!line.isBlank() && !line.startsWith("#")) {
                name = line.strip();
                listed.put(name, new TreeSet<>());
            }
        }
    }

    private static String text(String resource) {
        try (InputStream file =
                Objects.requireNonNull(HouseLimits.class.getClassLoader().getResourceAsStream(resource), resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + resource + ".", e);
        }
    }

    @Test
    void thePublicTypesAreThoseOfTheList() {
        Map<String, Set<String>> found = new TreeMap<>();
        publicTypes()
                .forEach(type -> found.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>())
                        .add(type.getSimpleName()));

        assertThat(found).isEqualTo(listed);
    }

    @Test
    void aPackageWhoseTypesAreForOurOwnPackagesSaysSo() throws IOException {
        for (Map.Entry<String, Set<String>> one : own.entrySet()) {
            String text = Files.readString(sources.resolve(one.getKey().replace('.', '/') + "/package-info.java"))
                    .replaceAll("\\s+\\*\\s+", " ");
            assertThat(text).as(one.getKey()).contains(SAYS_SO);
            Set<String> forOthers = new TreeSet<>(listed.get(one.getKey()));
            forOthers.removeAll(one.getValue());
            forOthers.forEach(type -> assertThat(text).as(one.getKey()).contains("{@code " + type + "}"));
        }
    }

    @Test
    void nothingIsLargerThanTheHouseAllows() throws IOException {
        Map<String, Integer> sizes = new TreeMap<>();
        publicTypes().collect(groupingBy(JavaClass::getPackageName)).forEach((name, types) -> {
            if (types.size() > PUBLIC_TYPES) {
                sizes.put("public-types " + name, types.size());
            }
        });
        measureSources(sizes);
        ours().flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> parameters(unit) > PARAMETERS && !isDeclaredByAHeader(unit))
                .forEach(unit -> sizes.merge(
                        "parameters %s.%s".formatted(unit.getOwner().getName(), unit.getName()),
                        parameters(unit),
                        Math::max));

        Map<String, Integer> tooLarge = new TreeMap<>(sizes);
        tooLarge.keySet().removeIf(what -> sizes.get(what) <= allowed.getOrDefault(what, 0));
        assertThat(tooLarge).as("larger than allowed").isEmpty();
        assertThat(allowed.keySet()).as("exceptions that are needed").isSubsetOf(sizes.keySet());
    }

    private void measureSources(Map<String, Integer> sizes) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        Map<String, Integer> counts = new TreeMap<>();
        for (Path file : files) {
            String folder = sources.relativize(Objects.requireNonNull(file.getParent()))
                    .toString()
                    .replace('/', '.');
            if (isPassedOver(folder)) {
                continue;
            }
            counts.merge(folder, 1, Integer::sum);
            int lines = Files.readAllLines(file).size();
            if (lines > LINES) {
                String simple = String.valueOf(file.getFileName()).replace(".java", "");
                sizes.put("lines %s.%s".formatted(folder, simple), lines);
            }
        }
        counts.forEach((folder, count) -> {
            if (count > FILES) {
                sizes.put("files " + folder, count);
            }
        });
    }

    private Stream<JavaClass> ours() {
        return classes.stream()
                .filter(type ->
                        isOfThisModule(type) && !isPassedOver(type.getPackageName()) && !type.isAnonymousClass());
    }

    /** Of a module's dependencies, some may be folders too. */
    private boolean isOfThisModule(JavaClass type) {
        String outermost = type.getName().replaceFirst("\\$.*", "").replace('.', '/');
        return Files.exists(sources.resolve(outermost + ".java"));
    }

    private Stream<JavaClass> publicTypes() {
        return ours().filter(
                        type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private boolean isPassedOver(String name) {
        return passedOver.stream().anyMatch(one -> name.equals(one) || name.startsWith(one + "."));
    }

    private static int parameters(JavaCodeUnit unit) {
        int all = unit.getRawParameterTypes().size();
        boolean ofEnum = unit instanceof JavaConstructor && unit.getOwner().isEnum();
        return ofEnum ? all - OF_EVERY_ENUM : all;
    }

    /** A record's components are its fields: what is too much for a method may be a row of a table. */
    private static boolean isDeclaredByAHeader(JavaCodeUnit unit) {
        Set<JavaModifier> modifiers = new HashSet<>(unit.getModifiers());
        return modifiers.contains(JavaModifier.SYNTHETIC)
                || unit.getName().startsWith("lambda$")
                || (unit instanceof JavaConstructor && unit.getOwner().isRecord());
    }
}
