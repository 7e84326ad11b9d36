package dev.crossfade.cli;

import java.io.PrintWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints a report as one JSON object. */
final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    static void print(Report report, PrintWriter out) {
        out.println(text(report));
    }

    /** Returns one JSON object. */
    static String text(Object value) {
        return PlainText.json(MAPPER.writeValueAsString(value));
    }
}
