package dev.crossfade.mapping;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The comments at the end of Crossfade's own statements by which capture tells them from those of others. A comment lasts
 * exactly as long as its statement, whatever transaction or session that is in, and costs no round trip.
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

    private static String comment(String verb, String name) {
        return "/* crossfade " + verb + " " + name + " */";
    }
}
