package dev.crossfade.check;

import java.util.Optional;

/**
 * A problem, or a doubt, in a mapping.
 *
 * @param path the place in the mapping file: {@code entities.user.project.email}
 * @param severity whether the mapping can still be used
 * @param problem what is wrong: what was seen against what is allowed
 * @param remedy what to do about it
 */
public record Finding(String path, Severity severity, String problem, String remedy) {

    private static final String ENTITIES = "entities.";

    /** How severe a finding is. */
    public enum Severity {
        /** The mapping cannot be used. */
        ERROR,
        /** Rows can be copied and compared, but the entity moves to no further stage, and nothing is generated. */
        GATED,
        /** The mapping can be used; somebody should look at it. */
        WARNING
    }

    /** Returns a finding that makes the mapping unusable. */
    public static Finding error(String path, String problem, String remedy) {
        return new Finding(path, Severity.ERROR, problem, remedy);
    }

    /** Returns a finding that keeps the entity from further stages; what runs already continues. */
    public static Finding gated(String path, String problem, String remedy) {
        return new Finding(path, Severity.GATED, problem, remedy);
    }

    /** Returns a finding that somebody should look at. */
    public static Finding warning(String path, String problem, String remedy) {
        return new Finding(path, Severity.WARNING, problem, remedy);
    }

    /** Returns the path of an entity's part: {@code path("user", "project", "email")}. */
    public static String path(String entity, String... parts) {
        return ENTITIES + entity + (parts.length == 0 ? "" : "." + String.join(".", parts));
    }

    /** Returns the name of the entity that it is about, empty if it is about the file as a whole. */
    public Optional<String> entity() {
        if (!path.startsWith(ENTITIES)) {
            return Optional.empty();
        }
        int end = path.indexOf('.', ENTITIES.length());
        return Optional.of(path.substring(ENTITIES.length(), end < 0 ? path.length() : end));
    }

    /** Tells whether it must be fixed before the entity moves on. */
    public boolean isError() {
        return severity != Severity.WARNING;
    }

    /** Tells whether it must be fixed before the mapping can be used at all. */
    public boolean isFatal() {
        return severity == Severity.ERROR;
    }

    /** Returns the finding in one line: path, problem, remedy. */
    @Override
    public String toString() {
        return "%s: %s %s".formatted(path, problem, remedy);
    }
}
