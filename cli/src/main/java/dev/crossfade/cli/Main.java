package dev.crossfade.cli;

import dev.crossfade.cli.invocation.GlobalOptions;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.log.Logging;
import dev.crossfade.cli.queue.LossyCommand;
import dev.crossfade.cli.queue.QueueCommand;
import dev.crossfade.cli.queue.QueueDiscardCommand;
import dev.crossfade.cli.queue.QueueHistoryCommand;
import dev.crossfade.cli.queue.QueueListCommand;
import dev.crossfade.cli.queue.QueueParkCommand;
import dev.crossfade.cli.queue.QueueRetryCommand;
import dev.crossfade.cli.queue.QueueShowCommand;
import dev.crossfade.cli.queue.ShadowCommand;
import dev.crossfade.cli.rows.BackfillCommand;
import dev.crossfade.cli.rows.CaptureCommand;
import dev.crossfade.cli.rows.CaptureInstallCommand;
import dev.crossfade.cli.rows.CaptureRemoveCommand;
import dev.crossfade.cli.rows.CaptureStatusCommand;
import dev.crossfade.cli.rows.RecoverCommand;
import dev.crossfade.cli.rows.VerifyCommand;
import dev.crossfade.cli.schema.EntityCommand;
import dev.crossfade.cli.schema.EntityForgetCommand;
import dev.crossfade.cli.schema.EntityListCommand;
import dev.crossfade.cli.schema.EntityRenameCommand;
import dev.crossfade.cli.schema.FinishCommand;
import dev.crossfade.cli.schema.InstallCommand;
import dev.crossfade.cli.schema.MigrateCommand;
import dev.crossfade.cli.schema.MigrateDownCommand;
import dev.crossfade.cli.schema.MigrateStatusCommand;
import dev.crossfade.cli.schema.MigrateUpCommand;
import dev.crossfade.cli.schema.UninstallCommand;
import dev.crossfade.cli.stage.FlagsCommand;
import dev.crossfade.cli.stage.FlagsRampCommand;
import dev.crossfade.cli.stage.StageCommand;
import dev.crossfade.cli.status.CheckCommand;
import dev.crossfade.cli.status.StatusCommand;
import dev.crossfade.cli.terminal.ProcessTermination;
import dev.crossfade.cli.terminal.Shell;
import dev.crossfade.cli.worker.WorkerCommand;
import java.util.Arrays;
import picocli.CommandLine;

/** Entry point of the command line. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.prepareProcess(Arrays.asList(arguments).contains("--debug"));
        ProcessTermination termination = new ProcessTermination();
        termination.exit(run(Shell.ofProcess(termination), arguments));
    }

    /** Runs one command and returns its exit code. */
    static int run(Shell shell, String... arguments) {
        GlobalOptions options = new GlobalOptions();
        Invocation invocation = new Invocation(shell, options);
        int code = commandLine(invocation, options).execute(arguments);
        shell.out().flush();
        shell.err().flush();
        return code;
    }

    static CommandLine commandLine(Invocation invocation, GlobalOptions options) {
        CommandLine root = new CommandLine(options);
        options.addSettings(root.getCommandSpec());
        root.getCommandSpec().versionProvider(Version::lines);
        root.addSubcommand(new InstallCommand(invocation));
        root.addSubcommand(new CheckCommand(invocation));
        root.addSubcommand(new StatusCommand(invocation));
        root.addSubcommand(new StageCommand(invocation));
        root.addSubcommand(
                new CommandLine(new FlagsCommand(invocation)).addSubcommand(new FlagsRampCommand(invocation)));
        root.addSubcommand(new CommandLine(new MigrateCommand())
                .addSubcommand(new MigrateUpCommand(invocation))
                .addSubcommand(new MigrateDownCommand(invocation))
                .addSubcommand(new MigrateStatusCommand(invocation)));
        root.addSubcommand(new BackfillCommand(invocation));
        root.addSubcommand(new VerifyCommand(invocation));
        root.addSubcommand(new RecoverCommand(invocation));
        root.addSubcommand(new FinishCommand(invocation));
        root.addSubcommand(new UninstallCommand(invocation));
        root.addSubcommand(new ShadowCommand(invocation));
        root.addSubcommand(new LossyCommand(invocation));
        CommandLine worker = new CommandLine(new WorkerCommand(invocation));
        options.addWorkerSettings(worker.getCommandSpec());
        root.addSubcommand(worker);
        root.addSubcommand(new CommandLine(new QueueCommand())
                .addSubcommand(new QueueListCommand(invocation))
                .addSubcommand(new QueueShowCommand(invocation))
                .addSubcommand(new QueueRetryCommand(invocation))
                .addSubcommand(new QueueParkCommand(invocation))
                .addSubcommand(new QueueDiscardCommand(invocation))
                .addSubcommand(new QueueHistoryCommand(invocation)));
        root.addSubcommand(new CommandLine(new CaptureCommand())
                .addSubcommand(new CaptureInstallCommand(invocation))
                .addSubcommand(new CaptureRemoveCommand(invocation))
                .addSubcommand(new CaptureStatusCommand(invocation)));
        root.addSubcommand(new CommandLine(new EntityCommand())
                .addSubcommand(new EntityListCommand(invocation))
                .addSubcommand(new EntityRenameCommand(invocation))
                .addSubcommand(new EntityForgetCommand(invocation)));
        root.addSubcommand(new DemoCommand());
        Failures failures = new Failures(invocation);
        root.setOut(invocation.shell().out());
        root.setErr(invocation.shell().err());
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExecutionExceptionHandler(failures);
        root.setParameterExceptionHandler(failures);
        root.setExecutionStrategy(arguments -> {
            if (invocation.debug()) {
                Logging.everything();
            }
            return new CommandLine.RunLast().execute(arguments);
        });
        HelpLayout.applyTo(root);
        return root;
    }
}
