package dev.crossfade.cli.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.crossfade.cli.terminal.PlainText;

/** Prints a log event's message as {@link PlainText} on one line: {@code %line} in the log pattern. */
public final class LogLine extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return PlainText.line(super.convert(event));
    }
}
