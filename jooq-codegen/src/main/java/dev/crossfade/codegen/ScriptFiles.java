package dev.crossfade.codegen;

import dev.crossfade.model.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the files that names and globs stand for, in the order in which to run them. */
final class ScriptFiles {

    private static final Pattern GLOB = Pattern.compile("[*?\\[{]");
    private static final Pattern NUMBER_EDGE = Pattern.compile("(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)");

    private ScriptFiles() {}

    /**
     * Returns the files in the order of the given names. Files of one glob are ordered by the numbers in them, so
     * {@code V2} comes before {@code V10}.
     *
     * @throws InvalidInputException if no file matches a name
     */
    static List<Path> find(Path base, List<String> names) {
        List<Path> files = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            List<Path> found = find(base, name);
            if (found.isEmpty()) {
                missing.add(name);
            }
            files.addAll(found);
        }
        if (!missing.isEmpty()) {
            throw new InvalidInputException(
                    "There is no script %s in %s. Correct the property 'scripts'; relative names start at 'basedir'."
                            .formatted(String.join(" and no ", missing), base));
        }
        return files.stream().distinct().toList();
    }

    private static List<Path> find(Path base, String name) {
        Matcher glob = GLOB.matcher(name);
        if (!glob.find()) {
            Path file = base.resolve(name);
            return Files.isRegularFile(file) ? List.of(file) : List.of();
        }
        int start = name.lastIndexOf('/', glob.start()) + 1;
        Path directory = base.resolve(name.substring(0, start));
        return Files.isDirectory(directory) ? matches(directory, name.substring(start)) : List.of();
    }

    private static List<Path> matches(Path directory, String glob) {
        try (Stream<Path> files = Files.walk(directory)) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
            return files.filter(Files::isRegularFile)
                    .filter(file -> matcher.matches(directory.relativize(file)))
                    .sorted(Comparator.comparing(Path::toString, ScriptFiles::compare))
                    .toList();
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new InvalidInputException(
                    "The scripts %s in %s cannot be looked up: %s".formatted(glob, directory, e.getMessage()), e);
        }
    }

    /** Compares names as people would: digits as numbers, and a name before a longer one that begins with it. */
    static int compare(String one, String other) {
        String[] left = NUMBER_EDGE.split(one);
        String[] right = NUMBER_EDGE.split(other);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            boolean numbers = isNumber(left[i]) && isNumber(right[i]);
            int order = numbers
                    ? new BigInteger(left[i]).compareTo(new BigInteger(right[i]))
                    : left[i].replace('_', ' ').compareTo(right[i].replace('_', ' '));
            if (order != 0) {
                return order;
            }
        }
        int lengths = Integer.compare(left.length, right.length);
        return lengths != 0 ? lengths : one.compareTo(other);
    }

    private static boolean isNumber(String part) {
        return !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
