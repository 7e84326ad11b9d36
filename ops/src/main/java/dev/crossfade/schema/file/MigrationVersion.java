package dev.crossfade.schema.file;

import dev.crossfade.model.InvalidInputException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A migration's version: numbers separated by dots, compared number by number. Leading zeros and trailing zero parts do
 * not count: {@code 01}, {@code 1} and {@code 1.0} are the same version.
 *
 * @param parts the numbers, none of the last ones zero; version zero has no parts
 */
public record MigrationVersion(List<BigInteger> parts) implements Comparable<MigrationVersion> {

    private static final Pattern FORMAT = Pattern.compile("[0-9]+(\\.[0-9]+)*");

    /** Copies the numbers and drops trailing zeros. */
    public MigrationVersion {
        List<BigInteger> canonical = new ArrayList<>(parts);
        while (!canonical.isEmpty() && canonical.getLast().signum() == 0) {
            canonical.removeLast();
        }
        parts = List.copyOf(canonical);
    }

    /**
     * Returns the version written as {@code text}.
     *
     * @throws InvalidInputException if the text is not a version
     */
    public static MigrationVersion parse(String text) {
        if (!FORMAT.matcher(text).matches()) {
            throw new InvalidInputException(
                    "'%s' is no version. Write numbers separated by dots, for example 12 or 20260101.1."
                            .formatted(text));
        }
        return new MigrationVersion(
                Arrays.stream(text.split("\\.")).map(BigInteger::new).toList());
    }

    @Override
    public int compareTo(MigrationVersion other) {
        for (int i = 0; i < Math.min(parts.size(), other.parts.size()); i++) {
            int order = parts.get(i).compareTo(other.parts.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(parts.size(), other.parts.size());
    }

    /** Returns the version without leading zeros, the same text for equal versions. */
    @Override
    public String toString() {
        return parts.isEmpty() ? "0" : parts.stream().map(BigInteger::toString).collect(Collectors.joining("."));
    }
}
