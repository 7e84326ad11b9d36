package dev.crossfade.cli.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.crossfade.cli.terminal.PlainText;

/** The stack trace of an event of the log as {@link PlainText}: {@code %trace} in the pattern of the log. */
public final class LogTrace extends ThrowableProxyConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return PlainText.lines(super.convert(event));
    }
}
