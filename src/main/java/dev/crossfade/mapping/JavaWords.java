package dev.crossfade.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns names of entities and columns into Java identifiers, for generated code and for messages about it. */
public final class JavaWords {

    private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{N}]+");

    private JavaWords() {}

    /** Returns the name of an entity's record: {@code order-line} and {@code order_line} become {@code OrderLine}. */
    public static String type(String entity) {
        return identifier(of(entity).stream().map(JavaWords::capitalised).collect(Collectors.joining()));
    }

    /**
     * Returns a name's words. Names in capitals alone are lower-cased, so that {@code USER_ID} and {@code user_id}
     * are alike.
     */
    public static List<String> of(String name) {
        boolean shouting = name.equals(name.toUpperCase(Locale.ROOT));
        return Arrays.stream(SEPARATOR.split(shouting ? name.toLowerCase(Locale.ROOT) : name))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Returns a name with a capital first letter, for use inside another name. */
    public static String capitalised(String word) {
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    /** Returns a name that may begin a Java identifier. */
    public static String identifier(String name) {
        return name.isEmpty() || !Character.isJavaIdentifierStart(name.charAt(0))
                ? "_" + (name.isEmpty() ? "_" : name)
                : name;
    }
}
