package dev.crossfade.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.logging.LogManager;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log on standard error: Crossfade's own warnings, more on request. Drivers and pools are silent, because
 * what they report comes back as an exception and is explained to the operator once.
 */
public final class Logging {

    private static final String OWN = "dev.crossfade";

    private Logging() {}

    /** Sets up this process. Call it before anything is logged. */
    public static void prepareProcess(boolean traces) {
        System.setProperty("crossfade.log.traces", traces ? "%trace" : "%nopex");
        System.setProperty("logback.configurationFile", "dev/crossfade/cli/logging.xml");
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        // The JDK's own console exists only if there is a terminal; newer JDKs would return another one.
        System.setProperty("jdk.console", "java.base");
        LogManager.getLogManager().reset();
    }

    /** Logs everything, including drivers and pools. */
    public static void everything() {
        level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
        level(OWN, Level.DEBUG);
        level("com.zaxxer.hikari", Level.DEBUG);
    }

    /** Logs what a long-running command does. */
    public static void activity() {
        level(OWN, Level.INFO);
    }

    /** Writes the log as JSON, one object a line. */
    public static void jsonLines(boolean traces) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("stderr")
                        instanceof OutputStreamAppender<ILoggingEvent> appender) {
            JsonLines lines = new JsonLines(traces);
            lines.setContext(context);
            lines.start();
            appender.setEncoder(lines);
        }
    }

    private static void level(String name, Level level) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context && !isFiner(context, name, level)) {
            context.getLogger(name).setLevel(level);
        }
    }

    private static boolean isFiner(LoggerContext context, String name, Level level) {
        Level present = context.getLogger(name).getLevel();
        return present != null && present.levelInt <= level.levelInt;
    }
}
