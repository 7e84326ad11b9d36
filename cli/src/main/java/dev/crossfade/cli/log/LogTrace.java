package dev.crossfade.cli.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.crossfade.cli.terminal.PlainText;

/** Prints a log event's stack trace as {@link PlainText}: {@code %trace} in the log pattern. */
public final class LogTrace extends ThrowableProxyConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return PlainText.lines(super.convert(event));
    }
}
