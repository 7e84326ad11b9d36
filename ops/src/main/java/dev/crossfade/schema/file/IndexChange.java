package dev.crossfade.schema.file;

/** A statement that works on indexes concurrently, and leaves an invalid one when it fails. */
public sealed interface IndexChange {

    /**
     * {@code CREATE INDEX CONCURRENTLY}.
     *
     * @param index the name as the catalog holds it
     * @param table the table as the statement writes it
     */
    record Build(String index, String table) implements IndexChange {}

    /** {@code DROP INDEX CONCURRENTLY}, with the name as the statement writes it. */
    record Drop(String index) implements IndexChange {}

    /**
     * {@code REINDEX … CONCURRENTLY}.
     *
     * @param scope {@code index}, {@code table}, {@code schema} or {@code database}
     * @param target the name as the statement writes it, empty for the current database
     */
    record Rebuild(String scope, String target) implements IndexChange {}
}
