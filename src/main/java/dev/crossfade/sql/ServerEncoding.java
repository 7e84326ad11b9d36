package dev.crossfade.sql;

import dev.crossfade.model.RecordKey;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.DSLContext;
import org.postgresql.jdbc.PgConnection;

/**
 * The characters that a database can store. Texts and keys of another database may contain others; Crossfade escapes
 * these in ASCII, so that a record is never refused for them. Thread-safe.
 *
 * @param charset the server's encoding
 */
public record ServerEncoding(Charset charset, boolean anyBytes) {

    /** Any character. */
    public static final ServerEncoding UNICODE = new ServerEncoding(StandardCharsets.UTF_8);

    /** Any character, and any bytes, which the server does not convert. */
    private static final ServerEncoding BYTES = new ServerEncoding(StandardCharsets.UTF_8, true);

    /** Begins a key's value that is written in ASCII; a value of a key that begins so is too. */
    private static final String ESCAPED = "\u0001u:";

    /** PostgreSQL's names of encodings that Java lacks or uses for another one. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("LATIN1", "ISO-8859-1"),
            Map.entry("LATIN2", "ISO-8859-2"),
            Map.entry("LATIN3", "ISO-8859-3"),
            Map.entry("LATIN4", "ISO-8859-4"),
            Map.entry("LATIN5", "ISO-8859-9"),
            Map.entry("LATIN7", "ISO-8859-13"),
            Map.entry("LATIN9", "ISO-8859-15"),
            Map.entry("ISO_8859_5", "ISO-8859-5"),
            Map.entry("ISO_8859_6", "ISO-8859-6"),
            Map.entry("ISO_8859_7", "ISO-8859-7"),
            Map.entry("ISO_8859_8", "ISO-8859-8"),
            Map.entry("KOI8R", "KOI8-R"),
            Map.entry("KOI8U", "KOI8-U"),
            Map.entry("WIN866", "IBM866"),
            Map.entry("WIN874", "x-windows-874"),
            Map.entry("EUC_JP", "EUC-JP"),
            Map.entry("EUC_KR", "EUC-KR"),
            Map.entry("EUC_CN", "GB2312"));

    /** A server that stores texts of this charset and nothing else. */
    public ServerEncoding(Charset charset) {
        this(charset, false);
    }

    /** Returns the encoding of a connection's database; asks nothing of the server. */
    public static ServerEncoding of(Connection connection) throws SQLException {
        if (!connection.isWrapperFor(PgConnection.class)) {
            return UNICODE;
        }
        String name = connection.unwrap(PgConnection.class).getParameterStatus("server_encoding");
        return name == null ? UNICODE : named(name);
    }

    /** Returns the encoding of a database. */
    public static ServerEncoding of(DSLContext database) {
        return database.connectionResult(ServerEncoding::of);
    }

    static ServerEncoding named(String name) {
        if (name.equals("SQL_ASCII")) {
            return BYTES;
        }
        if (name.equals("UTF8") || name.equals("MULE_INTERNAL")) {
            return UNICODE;
        }
        String known = NAMES.getOrDefault(name, name.startsWith("WIN") ? "windows-" + name.substring(3) : name);
        try {
            return new ServerEncoding(Charset.forName(known));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // Every encoding has the ASCII characters.
            return new ServerEncoding(StandardCharsets.US_ASCII);
        }
    }

    /** Tells whether the database can store a text. */
    public boolean has(String text) {
        return charset.equals(StandardCharsets.UTF_8) || charset.newEncoder().canEncode(text);
    }

    /** Tells whether the database can store a key as it is. */
    public boolean has(RecordKey key) {
        return key.values().stream().allMatch(this::has);
    }

    /**
     * Tells whether a key, as a database of another encoding notes it, names the same key here: not where a character
     * is lacking, and not where one of the two takes for {@linkplain UndecodableText bytes} what the other takes for a
     * text.
     */
    public boolean understands(RecordKey key, ServerEncoding other) {
        return has(key) && (anyBytes == other.anyBytes || !UndecodableText.isIn(key));
    }

    /** Returns a text for people, with escapes for the characters that the database lacks: {@code \}{@code u20ac}. */
    public String text(String text) {
        return has(text) ? text : escaped(text);
    }

    /** Returns a key's values as they are stored; {@link #key} reverses that. */
    public String[] values(RecordKey key) {
        return key.values().stream()
                .map(value -> has(value) && !value.startsWith(ESCAPED)
                        ? value
                        : ESCAPED + escaped(value.replace("\\", "\\\\")))
                .toArray(String[]::new);
    }

    /** Returns a key as it is stored. */
    public RecordKey stored(RecordKey key) {
        return new RecordKey(List.of(values(key)));
    }

    /** Returns the key whose values were stored. */
    public static RecordKey key(String... stored) {
        RecordKey key = RecordKey.of(stored);
        return key.values().stream().noneMatch(value -> value.startsWith(ESCAPED))
                ? key
                : new RecordKey(
                        key.values().stream().map(ServerEncoding::original).toList());
    }

    private String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (has(String.valueOf(c))) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return escaped.toString();
    }

    private static String original(String stored) {
        if (!stored.startsWith(ESCAPED)) {
            return stored;
        }
        StringBuilder original = new StringBuilder();
        for (int i = ESCAPED.length(); i < stored.length(); i++) {
            char c = stored.charAt(i);
            if (c == '\\' && stored.charAt(i + 1) == '\\') {
                original.append('\\');
                i++;
            } else if (c == '\\') {
                original.append((char) Integer.parseInt(stored.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                original.append(c);
            }
        }
        return original.toString();
    }
}
