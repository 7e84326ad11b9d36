package dev.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.invocation.GlobalOptions;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.ProcessTermination;
import dev.crossfade.cli.terminal.Shell;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {

    static Stream<CommandSpec> commands() {
        GlobalOptions options = new GlobalOptions();
        Shell shell = new Shell(Shell.Streams.ofProcess(), Map.of(), Path.of(""), new ProcessTermination(), key -> "");
        return withSubcommands(Main.commandLine(new Invocation(shell, options), options));
    }

    private static Stream<CommandSpec> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command.getCommandSpec()),
                command.getSubcommands().values().stream().flatMap(HelpTest::withSubcommands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasADescriptionExamplesAndExitCodes(CommandSpec command) {
        String help = command.commandLine().getUsageMessage();

        assertThat(command.usageMessage().description()).isNotEmpty();
        assertThat(command.usageMessage().footer())
                .anySatisfy(line -> assertThat(line)
                        .contains("crossfade")
                        .contains(command.parent() == null ? "status" : command.name()));
        assertThat(help).contains("Examples:").contains("Exit codes:").contains("3   refused by a gate");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionAndArgumentIsDescribed(CommandSpec command) {
        assertThat(command.options())
                .allSatisfy(option -> assertThat(option.description()).isNotEmpty());
        assertThat(command.positionalParameters())
                .allSatisfy(argument -> assertThat(argument.description()).isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandTakesTheFormOfItsReportAndDebug(CommandSpec command) {
        assertThat(command.optionsMap()).containsKeys("--output", "--debug", "--db-url", "--help", "--version");
    }

    @Test
    void aPasswordIsNoPlainFlag() {
        CommandSpec root = commands().findFirst().orElseThrow();

        assertThat(root.findOption("--db-password").arity().max()).isZero();
        assertThat(root.findOption("--modern-db-password").arity().max()).isZero();
    }

    @Test
    void theCommandsComeBeforeTheSettings() {
        CommandSpec root = commands().findFirst().orElseThrow();

        assertThat(root.commandLine().getUsageMessage())
                .containsSubsequence("Commands:", "migrate", "Options:", "--db-url");
    }

    @Test
    void theDemoIsListedAsPartOfTheSampleService() {
        CommandSpec root = commands().findFirst().orElseThrow();

        assertThat(root.commandLine().getUsageMessage()).contains("demo").contains("Part of the sample service");
    }
}
