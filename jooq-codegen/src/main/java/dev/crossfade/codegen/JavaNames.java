package dev.crossfade.codegen;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/** Makes Java names of the names of entities and columns. */
final class JavaNames {

    private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** A record may not have a component of these names. */
    private static final Set<String> TAKEN =
            Set.of("clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private JavaNames() {}

    /** Returns the name of an entity's record: {@code order-line} and {@code order_line} become {@code OrderLine}. */
    static String type(String entity) {
        return identifier(words(entity).stream().map(JavaNames::capitalised).collect(Collectors.joining()));
    }

    /** Returns the name of a column's component: {@code full_name} and {@code "Full Name"} become {@code fullName}. */
    static String component(String column, Collection<String> others) {
        String camel = words(column).stream().map(JavaNames::capitalised).collect(Collectors.joining());
        String name = identifier(decapitalised(camel));
        return unlike(SourceVersion.isKeyword(name) || TAKEN.contains(name) ? name + "_" : name, others);
    }

    /** Returns {@code name}, followed by as many underscores as make it differ from all others. */
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
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** Names in capitals alone are written small, so that {@code USER_ID} and {@code user_id} are alike. */
    private static List<String> words(String name) {
        boolean shouting = name.equals(name.toUpperCase(Locale.ROOT));
        return Arrays.stream(SEPARATOR.split(shouting ? name.toLowerCase(Locale.ROOT) : name))
                .filter(word -> !word.isEmpty())
                .toList();
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

    private static String identifier(String name) {
        return name.isEmpty() || !Character.isJavaIdentifierStart(name.charAt(0))
                ? "_" + (name.isEmpty() ? "_" : name)
                : name;
    }
}
