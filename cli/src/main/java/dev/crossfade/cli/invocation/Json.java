package dev.crossfade.cli.invocation;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.crossfade.cli.terminal.PlainText;
import java.io.PrintWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints a report as one JSON object. */
public final class Json {

    private static final JsonMapper MAPPER =
            // The components of a record are its JSON; its other methods are not.
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .changeDefaultVisibility(visible -> visible.withIsGetterVisibility(Visibility.NONE))
                    .build();

    private Json() {}

    static void print(Record report, PrintWriter out) {
        out.println(text(report));
    }

    /** Returns one JSON object. */
    public static String text(Object value) {
        return PlainText.json(MAPPER.writeValueAsString(value));
    }
}
