package dev.crossfade.cli;

import dev.crossfade.cli.OperatorSession.Access;
import dev.crossfade.settings.SettingKey;
import dev.crossfade.settings.Settings;
import dev.crossfade.settings.SettingsReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** One start of the command line: what it was started in, and the options that every command takes. */
final class Invocation {

    private static final int SMALL_POOL = 4;

    private final Shell shell;
    private final GlobalOptions options;
    private Optional<Settings> settings = Optional.empty();

    Invocation(Shell shell, GlobalOptions options) {
        this.shell = shell;
        this.options = options;
    }

    Shell shell() {
        return shell;
    }

    boolean debug() {
        return options.debug();
    }

    /** Returns the settings, which are read at the first call. */
    Settings settings() {
        if (settings.isEmpty()) {
            Map<SettingKey, String> flags = new EnumMap<>(SettingKey.class);
            flags.putAll(options.flags());
            options.asked().forEach(key -> flags.put(key, shell.prompt().ask(key)));
            settings = Optional.of(
                    new SettingsReader(shell.environment(), shell.workingDirectory()).read(flags, options.config()));
        }
        return settings.get();
    }

    /** Returns the settings if they have been read. */
    Optional<Settings> knownSettings() {
        return settings;
    }

    /** Connects for a command that changes nothing; it shows on the server under its name. */
    OperatorSession open(String command) {
        return open(command, SMALL_POOL, Access.LOOK);
    }

    /** Connects for a command that changes something. */
    OperatorSession openToChange(String command) {
        return open(command, SMALL_POOL, Access.CHANGE);
    }

    /**
     * Connects for a command that looks at what the databases disagree about, or carries out what was decided about it.
     */
    OperatorSession openToRecover(boolean decided) {
        return open("recover", SMALL_POOL, decided ? Access.RECOVER : Access.COMPARE);
    }

    /** Connects for a command that works on several things at a time. */
    OperatorSession open(String command, int connections, Access access) {
        OperatorSession session = OperatorSession.open(settings(), "crossfade " + command, connections, access);
        session.poolers().forEach(this::complain);
        return session;
    }

    /** Prints a report in the form that was asked for. */
    void print(Report report) {
        switch (options.output()) {
            case TEXT -> report.print(new Page(shell.out(), shell.colours()));
            case JSON -> Json.print(report, shell.out());
        }
        shell.out().flush();
    }

    /** Prints what went wrong. */
    void complain(Exception failure) {
        complain(String.valueOf(failure.getMessage()));
    }

    /** Prints a message of ours, which may have several lines. */
    void complain(String message) {
        tell("crossfade: " + PlainText.message(message));
    }

    /** Prints a stack trace. */
    void trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        tell(PlainText.lines(trace.toString().stripTrailing()));
    }

    /** Prints a line for people beside the report. */
    void say(String format, Object... values) {
        tell(PlainText.line(values.length == 0 ? format : format.formatted(values)));
    }

    private void tell(String text) {
        shell.err().println(text);
        shell.err().flush();
    }
}
