package dev.crossfade.benchmarks;

import dev.crossfade.benchmarks.harness.Context;
import dev.crossfade.benchmarks.harness.Pace;
import dev.crossfade.benchmarks.harness.Report;
import dev.crossfade.benchmarks.harness.Suite;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RefusedException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one suite. Only the report goes to standard output; progress goes to standard error. */
@Command(
        name = "benchmarks/run",
        description = "Runs a suite of benchmarks on fresh servers and prints medians and ratios.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  benchmarks/run --list",
            "  benchmarks/run overhead --quick",
            "  benchmarks/run overhead --output json > overhead.json"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every goal is met",
            "1:a goal is not met, or the suite failed",
            "2:wrong use, such as an unknown suite",
            "3:refused: the servers would not measure what they should"
        })
final class RunCommand implements Callable<Integer> {

    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;
    private static final int REFUSED = 3;

    private final List<Suite> suites;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "<suite>", description = "Which suite; see --list.")
    private @Nullable String suite;

    @Option(names = "--quick", description = "Fewer and shorter rounds: a minute or two, with more noise.")
    private boolean quick;

    @Option(
            names = "--output",
            paramLabel = "<format>",
            defaultValue = "TABLE",
            description = "table or json. Default: table.")
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private Format output;

    @Option(names = "--list", description = "List the suites and end.")
    private boolean list;

    RunCommand(List<Suite> suites) {
        this.suites = List.copyOf(suites);
    }

    /** Returns the command, ready to execute. A failure ends in one line on standard error and an exit code. */
    CommandLine commandLine() {
        CommandLine command = new CommandLine(this);
        // Added here, not as a field, which nobody would read.
        command.getCommandSpec()
                .addOption(OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("Show this help and end.")
                        .build());
        return command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            out.println(listing());
            return 0;
        }
        Context context =
                new Context(quick ? Pace.QUICK : Pace.FULL, spec.commandLine().getErr()::println);
        Report report = chosen().run(context);
        out.println(output.render(report));
        return report.goalsMet() ? 0 : FAILED;
    }

    private Suite chosen() {
        return suites.stream()
                .filter(one -> one.name().equals(suite))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException(
                        (suite == null ? "Name a suite." : "There is no suite '%s'.".formatted(suite))
                                + " The suites are:%n%s".formatted(listing())));
    }

    private String listing() {
        int width = suites.stream().mapToInt(one -> one.name().length()).max().orElse(0);
        return suites.stream()
                .map(one -> "  " + one.name() + " ".repeat(width - one.name().length() + 2) + one.description())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static int failed(Exception failure, CommandLine command) throws Exception {
        return switch (failure) {
            case InvalidInputException wrong -> told(wrong, command, WRONG_USE);
            case RefusedException refused -> told(refused, command, REFUSED);
            case CrossfadeException broken -> told(broken, command, FAILED);
            default -> throw failure;
        };
    }

    private static int told(Exception failure, CommandLine command, int exitCode) {
        command.getErr().println("benchmarks: " + failure.getMessage());
        return exitCode;
    }
}
