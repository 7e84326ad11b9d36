package dev.crossfade.statement;

import dev.crossfade.mapping.Relation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The comments at the end of Crossfade's own statements, by which capture recognises them. A comment lasts exactly as
 * long as its statement, in any transaction or session, and costs no round trip.
 *
 * @param routes ends statements that write the authoritative side and whose caller updates the mirror
 * @param mirrors ends statements that write the mirror
 */
public record StatementMark(String routes, String mirrors) {

    /** Returns the marks of an entity; whatever its name holds, it cannot end the comment. */
    public static StatementMark of(String entity) {
        String name = URLEncoder.encode(entity, StandardCharsets.UTF_8).replace("*", "%2A");
        return new StatementMark(comment("routes", name), comment("mirrors", name));
    }

    /**
     * Returns the comment before a mark that names the mirror's table for {@code crossfade.is_mirror_write}; whatever
     * the table's name holds, it cannot end the comment.
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
