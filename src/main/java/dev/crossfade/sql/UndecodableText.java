package dev.crossfade.sql;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.raw;

import dev.crossfade.model.RecordKey;
import java.util.regex.Pattern;
import org.jooq.Field;
import org.jooq.SQL;

/**
 * Texts whose bytes are no text in UTF8. A database in {@code SQL_ASCII} stores what it is given, and refuses to hand
 * such a text out. As a key it is noted in ASCII, {@code not-utf8:47f67461}, so that it can be named, queued and looked
 * up in that database.
 *
 * <p>A text that looks so already is spelled in bytes too: two keys of a database never share a spelling. Databases of
 * other encodings have no such texts and spell all of theirs as they are.
 */
public final class UndecodableText {

    private static final String MARK = "not-utf8:";
    private static final String BYTES = "([0-9a-f][0-9a-f])+";
    private static final Pattern SPELLED = Pattern.compile(MARK + BYTES);

    /**
     * What the server takes for UTF8, as a pattern over bytes: in {@code SQL_ASCII} each is a character. Written as an
     * escape string, which means the same whatever the session's {@code standard_conforming_strings}.
     */
    private static final SQL DECODABLE = raw(
            ("E'^([~0001-~007F]" // one byte
                            + "|[~00C2-~00DF][~0080-~00BF]" // two
                            + "|~00E0[~00A0-~00BF][~0080-~00BF]" // three, without longer forms of two and without
                            // surrogates
                            + "|[~00E1-~00EC~00EE~00EF][~0080-~00BF][~0080-~00BF]"
                            + "|~00ED[~0080-~009F][~0080-~00BF]"
                            + "|~00F0[~0090-~00BF][~0080-~00BF][~0080-~00BF]" // four, up to the last character
                            + "|[~00F1-~00F3][~0080-~00BF][~0080-~00BF][~0080-~00BF]"
                            + "|~00F4[~0080-~008F][~0080-~00BF][~0080-~00BF])*$'")
                    .replace("~", "\\\\u"));

    private UndecodableText() {}

    /** Returns a text as a key is noted. */
    public static Field<String> spelled(Field<String> text) {
        return field("""
                case when getdatabaseencoding() <> 'SQL_ASCII' then {0} \
                when ({0}) collate "C" ~ {1} and ({0}) collate "C" !~ {2} then {0} \
                else {3} || encode(convert_to({0}, 'SQL_ASCII'), 'hex') end""", String.class, text, DECODABLE, inline("^" + MARK + BYTES + "$"), inline(MARK));
    }

    /**
     * Returns the text that is noted so. The server gives what {@code convert_from} returns the collation of the
     * encoding's name, which would clash with that of a key's column; what comes out of a query has none of its own.
     */
    public static Field<String> original(Field<?> spelled) {
        return field("""
                case when getdatabaseencoding() = 'SQL_ASCII' and ({0}) collate "C" ~ {1} \
                then (select convert_from(decode(substr({0}, {2}), 'hex'), 'SQL_ASCII') collate "default") \
                else {0} end""", String.class, spelled, inline("^" + MARK + BYTES + "$"), inline(MARK.length() + 1));
    }

    /** Tells whether a noted text is spelled in bytes, if its database is one that does so. */
    public static boolean isOne(String spelled) {
        return spelled.startsWith(MARK) && SPELLED.matcher(spelled).matches();
    }

    /** Tells whether a noted key has a text that is spelled in bytes, if its database is one that does so. */
    public static boolean isIn(RecordKey key) {
        return key.values().stream().anyMatch(UndecodableText::isOne);
    }
}
