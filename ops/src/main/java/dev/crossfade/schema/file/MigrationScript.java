package dev.crossfade.schema.file;

import dev.crossfade.sql.SqlScanner;
import dev.crossfade.sql.SqlStatement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The content of one migration file.
 *
 * @param file where it was read from
 * @param text the content, with a single line feed at the end of every line, whatever the file has
 * @param statements its statements, in order
 */
public record MigrationScript(Path file, String text, List<SqlStatement> statements) {

    /** Copies the statements. */
    public MigrationScript {
        statements = List.copyOf(statements);
    }

    /** Returns the script in a file with the given content. It normalises line ends and drops a byte order mark. */
    static MigrationScript of(Path file, String content) {
        String unmarked = content.startsWith("\ufeff") ? content.substring(1) : content;
        String text = unmarked.replace("\r\n", "\n").replace('\r', '\n');
        return new MigrationScript(file, text, SqlScanner.split(text));
    }

    /** Returns the file's name without its directory. */
    public String name() {
        return file.getFileName().toString();
    }

    /** Tells whether the whole script can run in one transaction. */
    public boolean isTransactional() {
        return statements.stream().map(StatementShape::of).noneMatch(StatementShape::isStandalone);
    }

    /** Returns the SHA-256 of the text in hexadecimal, which does not depend on the system's line ends. */
    public String checksum() {
        return sha256(text);
    }

    /**
     * Returns the SHA-256 of the first {@code count} statements. It proves that a script whose later part was
     * corrected still begins with what has run. If there are fewer statements, it is the checksum of all.
     */
    public String checksumOfFirst(int count) {
        return sha256(statements.stream().limit(count).map(SqlStatement::text).collect(Collectors.joining(";\n")));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
