package dev.crossfade.cli.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a long-running command on standard error: one rewritten line on a terminal, a new line every
 * few seconds elsewhere.
 */
public final class ProgressLine {

    private static final Duration REWRITE = Duration.ofMillis(200);
    private static final Duration NEW_LINE = Duration.ofSeconds(5);

    private final PrintWriter err;
    private final boolean terminal;
    private final Duration interval;
    private final LongSupplier nanoTime;
    private long shownAt;
    private boolean open;
    private int width;

    public ProgressLine(Shell.Streams streams) {
        this(streams, NEW_LINE, System::nanoTime);
        // Quick work prints nothing where lines cannot be rewritten.
        shownAt = nanoTime.getAsLong() - REWRITE.toNanos();
    }

    /**
     * Creates a line whose first text is shown at once.
     *
     * @param newLine how long to wait before the next line where lines cannot be rewritten
     * @param nanoTime the time, as {@link System#nanoTime}
     */
    public ProgressLine(Shell.Streams streams, Duration newLine, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.err = streams.err();
        this.terminal = streams.errIsTerminal();
        this.interval = terminal ? REWRITE : newLine;
        this.shownAt = nanoTime.getAsLong() - interval.toNanos();
    }

    /** Shows a line, unless the last one was shown just before. */
    public void show(String shown) {
        String text = PlainText.line(shown);
        if (nanoTime.getAsLong() - shownAt < interval.toNanos()) {
            return;
        }
        shownAt = nanoTime.getAsLong();
        if (terminal) {
            err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
            width = text.length();
            open = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /** Ends the rewritten line. */
    public void end() {
        if (open) {
            err.println();
            err.flush();
            open = false;
            width = 0;
        }
    }
}
