package dev.crossfade.codegen;

import dev.crossfade.mapping.JavaWords;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/** Turns names of entities and columns into Java names. */
final class JavaNames {

    /** Names that a record's component may not have. */
    private static final Set<String> TAKEN =
            Set.of("clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private JavaNames() {}

    /** Returns the name of an entity's record: {@code order-line} and {@code order_line} become {@code OrderLine}. */
    static String type(String entity) {
        return JavaWords.type(entity);
    }

    /** Returns the name of a column's component: {@code full_name} and {@code "Full Name"} become {@code fullName}. */
    static String component(String column, Collection<String> others) {
        String camel = JavaWords.of(column).stream().map(JavaWords::capitalised).collect(Collectors.joining());
        String name = JavaWords.identifier(decapitalised(camel));
        return unlike(SourceVersion.isKeyword(name) || TAKEN.contains(name) ? name + "_" : name, others);
    }

    /** Returns {@code name}, with as many underscores as it takes to differ from all others. */
    static String unlike(String name, Collection<String> others) {
        Set<String> taken = new HashSet<>(others);
        String free = name;
        while (taken.contains(free)) {
            free += "_";
        }
        return free;
    }

    /** Returns a name with a capital first letter, for use inside another name. */
    static String capitalised(String word) {
        return JavaWords.capitalised(word);
    }

    /** {@code URLPath} becomes {@code urlPath}, {@code Email} becomes {@code email}. */
    private static String decapitalised(String name) {
        int capitals = 0;
        while (capitals < name.length() && Character.isUpperCase(name.charAt(capitals))) {
            capitals++;
        }
        int small = capitals > 1 && capitals < name.length() && Character.isLetter(name.charAt(capitals))
                ? capitals - 1
                : capitals;
        return name.substring(0, small).toLowerCase(Locale.ROOT) + name.substring(small);
    }
}
