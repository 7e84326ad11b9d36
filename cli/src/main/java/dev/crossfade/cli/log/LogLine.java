package dev.crossfade.cli.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.crossfade.cli.terminal.PlainText;

/** The message of an event of the log as {@link PlainText} on one line: {@code %line} in the pattern of the log. */
public final class LogLine extends MessageConverter {

    @Override
    public String convert(ILoggingEvent event) {
        return PlainText.line(super.convert(event));
    }
}
