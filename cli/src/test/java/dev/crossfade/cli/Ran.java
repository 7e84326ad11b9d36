package dev.crossfade.cli;

import dev.crossfade.cli.terminal.Shell;
import dev.crossfade.cli.terminal.Termination;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command that was run in this process, with its exit code and output. */
record Ran(int code, String out, String err) {

    private static final Termination NEVER = stop -> new Termination.Registration() {
        @Override
        public boolean isRequested() {
            return false;
        }

        @Override
        public void close() {}
    };

    static Ran in(Path folder, Map<String, String> environment, String... arguments) {
        return in(folder, environment, NEVER, arguments);
    }

    static Ran in(Path folder, Map<String, String> environment, Termination termination, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Shell.Streams streams = new Shell.Streams(new PrintWriter(out), new PrintWriter(err), false, false);
        int code = Main.run(
                new Shell(streams, environment, folder, termination, key -> "typed-" + key.property()), arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    /** Returns the one JSON object on standard output. */
    JsonNode json() {
        return JsonMapper.builder().build().readTree(out);
    }
}
