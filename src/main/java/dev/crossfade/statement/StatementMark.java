package dev.crossfade.statement;

import dev.crossfade.mapping.Relation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The comments at the end of Crossfade's own statements by which capture tells them from those of others. A comment
 * lasts exactly as long as its statement, whatever transaction or session that is in, and costs no round trip.
 *
 * @param routes ends statements that write the authoritative side and see to it that the mirror follows
 * @param mirrors ends statements that write the mirror
 */
public record StatementMark(String routes, String mirrors) {

    /** Returns the marks of an entity; whatever its name holds, it cannot end the comment. */
    public static StatementMark of(String entity) {
        String name = URLEncoder.encode(entity, StandardCharsets.UTF_8).replace("*", "%2A");
        return new StatementMark(comment("routes", name), comment("mirrors", name));
    }

    /**
     * Returns the comment before one of these by which {@code crossfade.is_mirror_write} knows the table that is
     * mirrored to; whatever the table's name holds, it cannot end the comment.
     */
    public static String to(Relation mirror) {
        return "/* crossfade to " + escaped(mirror.schema()) + "." + escaped(mirror.table()) + " */";
    }

    private static String escaped(String name) {
        return name.replace("%", "%25").replace("*", "%2A").replace(".", "%2E");
    }

    private static String comment(String verb, String name) {
        return "/* crossfade " + verb + " " + name + " */";
    }
}
