package dev.crossfade.cli.invocation;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.PlainText;
import dev.crossfade.cli.terminal.Shell;
import dev.crossfade.operate.OperatorSession;
import dev.crossfade.operate.OperatorSession.Access;
import dev.crossfade.settings.SettingKey;
import dev.crossfade.settings.Settings;
import dev.crossfade.settings.SettingsReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** One run of the command line: its environment, and the options that every command takes. */
public final class Invocation {

    private static final int SMALL_POOL = 4;

    private final Shell shell;
    private final GlobalOptions options;
    private Optional<Settings> settings = Optional.empty();

    public Invocation(Shell shell, GlobalOptions options) {
        this.shell = shell;
        this.options = options;
    }

    public Shell shell() {
        return shell;
    }

    public boolean debug() {
        return options.debug();
    }

    /** Returns the settings, reading them at the first call. */
    public Settings settings() {
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
    public Optional<Settings> knownSettings() {
        return settings;
    }

    /** Connects for a command that changes nothing. The server shows the session under the command's name. */
    public OperatorSession open(String command) {
        return open(command, SMALL_POOL, Access.LOOK);
    }

    /** Connects for a command that changes something. */
    public OperatorSession openToChange(String command) {
        return open(command, SMALL_POOL, Access.CHANGE);
    }

    /** Connects for a command that shows what the databases disagree about, or carries out a decision about it. */
    public OperatorSession openToRecover(boolean decided) {
        return open("recover", SMALL_POOL, decided ? Access.RECOVER : Access.COMPARE);
    }

    /** Connects for a command that does several things at a time. */
    public OperatorSession open(String command, int connections, Access access) {
        OperatorSession session = OperatorSession.open(settings(), "crossfade " + command, connections, access);
        session.poolers().forEach(this::complain);
        return session;
    }

    /**
     * Prints a report as text or JSON.
     *
     * @param report a record whose components are the JSON form
     * @param text prints its text form
     */
    public <R extends Record> void print(R report, BiConsumer<R, Page> text) {
        switch (options.output()) {
            case TEXT -> text.accept(report, new Page(shell.out(), shell.colours()));
            case JSON -> Json.print(report, shell.out());
        }
        shell.out().flush();
    }

    /** Prints a failure. */
    public void complain(Exception failure) {
        complain(String.valueOf(failure.getMessage()));
    }

    /** Prints one of Crossfade's messages, which may have several lines. */
    public void complain(String message) {
        tell("crossfade: " + PlainText.message(message));
    }

    /** Prints a stack trace. */
    public void trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        tell(PlainText.lines(trace.toString().stripTrailing()));
    }

    /** Prints a line for people beside the report. */
    public void say(String format, Object... values) {
        tell(PlainText.line(values.length == 0 ? format : format.formatted(values)));
    }

    private void tell(String text) {
        shell.err().println(text);
        shell.err().flush();
    }
}
