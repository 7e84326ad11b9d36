package dev.crossfade.cli;

import dev.crossfade.cli.invocation.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The layout of every command's help: its own options first, the settings only where they belong, examples, exit
 * codes.
 */
final class HelpLayout {

    private static final int WIDTH = 110;

    private HelpLayout() {}

    static void applyTo(CommandLine command) {
        command.getCommandSpec().mixinStandardHelpOptions(true);
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.width(WIDTH);
        usage.sortOptions(false);
        usage.showDefaultValues(false);
        usage.abbreviateSynopsis(true);
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%nArguments:%n");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        usage.footerHeading("%nExamples:%n");
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(exitCodes());
        command.setHelpSectionKeys(commandsFirst(command.getHelpSectionKeys()));
        boolean root = command.getParent() == null;
        command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> optionList(help, root));
        command.getSubcommands().values().forEach(HelpLayout::applyTo);
    }

    /**
     * Puts the commands before the options: whoever asks for help looks for a command, and the settings are a long
     * list.
     */
    private static List<String> commandsFirst(List<String> sections) {
        List<String> ordered = new ArrayList<>(sections);
        List<String> commands =
                List.of(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        ordered.removeAll(commands);
        ordered.addAll(ordered.indexOf(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING), commands);
        return ordered;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            codes.put(
                    Integer.toString(code.number()),
                    switch (code) {
                        case DONE -> "done";
                        case PROBLEM -> "found a problem: differences, missed writes, a database that cannot be used";
                        case MISUSE -> "wrong use or bad input; nothing was done";
                        case REFUSED -> "refused by a gate; nothing was done";
                    });
        }
        return codes;
    }

    private static String optionList(Help help, boolean root) {
        List<OptionSpec> shown = new ArrayList<>();
        for (OptionSpec option : help.commandSpec().options()) {
            if (!option.inherited()) {
                shown.add(option);
            }
        }
        for (OptionSpec option : help.commandSpec().options()) {
            if (option.inherited() && option.shortestName().matches("--(output|debug)")) {
                shown.add(option);
            }
        }
        String list = help.optionListExcludingGroups(shown);
        return root
                ? list
                : list + "      Where the databases are, and what the gates require: see `crossfade --help`."
                        + System.lineSeparator();
    }
}
