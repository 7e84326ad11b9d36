package dev.crossfade.cli;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.PlainText;
import dev.crossfade.connection.ServerMessage;
import dev.crossfade.connection.Trouble;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns a failure into one message on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final Invocation invocation;

    Failures(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        if (failure instanceof ParameterException misuse) {
            return handleParseException(misuse, arguments.originalArgs().toArray(String[]::new));
        }
        return report(failure).number();
    }

    @Override
    public int handleParseException(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        invocation.complain(misuse);
        UnmatchedArgumentException.printSuggestions(misuse, invocation.shell().err());
        invocation.say("Try `%s --help`.", command.getCommandSpec().qualifiedName(" "));
        trace(misuse);
        return ExitCode.MISUSE.number();
    }

    private ExitCode report(Exception failure) {
        Exception explained = explain(failure);
        invocation.complain(text(explained));
        trace(failure);
        return switch (explained) {
            case InvalidInputException e -> ExitCode.MISUSE;
            case RefusedException e -> ExitCode.REFUSED;
            default -> ExitCode.PROBLEM;
        };
    }

    /** Explains a database failure; Crossfade's own exceptions already say what to do. */
    private Exception explain(Exception failure) {
        if (failure instanceof CrossfadeException) {
            return failure;
        }
        Optional<SQLException> beneath = Trouble.beneath(failure);
        return beneath.isPresent() && invocation.knownSettings().isPresent()
                ? Trouble.explain(beneath.get(), invocation.knownSettings().get())
                : failure;
    }

    private String text(Exception failure) {
        if (failure instanceof CrossfadeException) {
            return withoutWrapping(failure);
        }
        return "An error that nobody expected: %s.%s"
                .formatted(
                        PlainText.line(failure.toString()),
                        invocation.debug() ? "" : " Give the command again with --debug, and report what it prints.");
    }

    /** Returns the message without the text that a pool or jOOQ put around the server's. */
    private static String withoutWrapping(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        @Nullable Throwable cause = failure.getCause();
        if (cause == null
                || cause.getMessage() == null
                || Trouble.beneath(cause).isEmpty()) {
            return message;
        }
        return message.replace(cause.getMessage(), ServerMessage.of(cause) + ".");
    }

    private void trace(Exception failure) {
        if (invocation.debug()) {
            invocation.trace(failure);
        }
    }
}
