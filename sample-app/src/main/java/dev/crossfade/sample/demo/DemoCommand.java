package dev.crossfade.sample.demo;

import dev.crossfade.model.InvalidInputException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command {@code demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpWidth = 110,
        header = "Migrates a service under load on embedded PostgreSQL servers, and proves that nothing was lost.",
        description = {
            "",
            "Loads a messy legacy data set, keeps reading and writing it through the generated repositories, and moves it "
                    + "through all stages with one step back: expand, backfill, verification, contraction. In the end "
                    + "code of its own reads every row and compares it with what the answers implied.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 no operation failed and no record differs; 1 something failed or differs; 2 wrong use.",
            "",
            "Examples:",
            "  ./crossfade demo",
            "  ./crossfade demo --topology two-databases --outage --seed 7",
            "  ./crossfade demo --rows 1000000 --output json > report.json"
        })
public final class DemoCommand implements Callable<Integer> {

    private static final int CLEAN = 0;
    private static final int PROBLEM = 1;
    private static final int WRONG_USE = 2;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Legacy users, and as many orders. Default: ${DEFAULT-VALUE}.")
    private int rows;

    @Option(
            names = "--writers",
            paramLabel = "N",
            defaultValue = "8",
            description = "Threads that use the repositories. Default: ${DEFAULT-VALUE}.")
    private int writers;

    @Option(
            names = "--topology",
            paramLabel = "T",
            defaultValue = "one-database",
            converter = TopologyConverter.class,
            description = "one-database or two-databases. Default: ${DEFAULT-VALUE}.")
    private Topology topology = Topology.ONE_DATABASE;

    @Option(
            names = "--outage",
            description = "Take the modern side away for some seconds: its server is killed (two databases), or its "
                    + "tables are locked (one). The seed decides when.")
    private boolean outage;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What data and traffic follow from. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = OutputConverter.class,
            description = "text, or json for one JSON object on standard output. Default: ${DEFAULT-VALUE}.")
    private Output output = Output.TEXT;

    private enum Output {
        TEXT,
        JSON
    }

    private DemoCommand() {}

    /**
     * Runs the command and returns its exit code.
     *
     * @param args its options, without the word {@code demo}
     */
    public static int run(String... args) {
        // chosen before the first logger is created: standard output is for the report
        System.setProperty("logback.configurationFile", "dev/crossfade/sample/demo/logback-demo.xml");
        return new CommandLine(new DemoCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("crossfade: " + failure.getMessage());
                    return failure instanceof InvalidInputException ? WRONG_USE : PROBLEM;
                })
                .execute(args);
    }

    @Override
    public Integer call() throws IOException {
        DemoSettings settings = new DemoSettings(rows, writers, topology, outage, seed);
        Path scratch = Files.createTempDirectory("crossfade-demo-");
        try {
            Report report = run(settings, scratch);
            ReportPrinter printer = new ReportPrinter(System.out);
            if (output == Output.JSON) {
                printer.json(report);
            } else {
                printer.text(report);
            }
            return report.isClean() ? CLEAN : PROBLEM;
        } finally {
            remove(scratch);
        }
    }

    private Report run(DemoSettings settings, Path scratch) {
        PrintStream shown = output == Output.JSON ? System.err : System.out;
        try (LiveView view = new LiveView(shown, output == Output.TEXT && isTerminal())) {
            return new Demo(settings, view, scratch).run();
        }
    }

    /**
     * Tells whether the output is a terminal. Since Java 22 there is a console wherever the output goes, so the
     * console itself is asked too, if it can be.
     */
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private static void remove(Path directory) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(directory)) {
            paths = new ArrayList<>(found.sorted(Comparator.reverseOrder()).toList());
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    private static final class TopologyConverter implements ITypeConverter<Topology> {
        @Override
        public Topology convert(String value) {
            return choice(value, Topology.values());
        }
    }

    private static final class OutputConverter implements ITypeConverter<Output> {
        @Override
        public Output convert(String value) {
            return choice(value, Output.values());
        }
    }

    private static <E extends Enum<E>> E choice(String value, E[] choices) {
        return Stream.of(choices)
                .filter(choice -> label(choice).equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'%s' is not one of %s"
                        .formatted(
                                value,
                                String.join(
                                        ", ",
                                        Stream.of(choices)
                                                .map(DemoCommand::label)
                                                .toList()))));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
