package dev.crossfade.cli.stage;

import dev.crossfade.cli.invocation.ExitCode;
import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.operate.EntityFlags;
import dev.crossfade.operate.EntityFlags.Share;
import dev.crossfade.operate.OperatorSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets which reads the modern side answers. */
@Command(
        name = "ramp",
        description = {
            "Sets how many keys of an entity are read from the modern side in modern-read, in per cent.",
            "The same keys are chosen on every instance, and a higher share keeps those of a lower one.",
            "With --by, whole tenants are chosen instead of keys. Without it, what the ramp goes by stays as it is."
        },
        footer = {
            "  crossfade flags ramp user 1",
            "  crossfade flags ramp user 12.5",
            "  crossfade flags ramp user 0",
            "  crossfade flags ramp order 5 --by tenant --always acme --always globex"
        })
public final class FlagsRampCommand implements Callable<Integer> {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "ENTITY", description = "The entity.")
    private String entity = "";

    @Parameters(index = "1", paramLabel = "PERCENT", description = "From 0 to 100, in steps of 0.1.")
    private String percent = "";

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = {
                "key; a column of the modern key; or tenant, where the service names one for each key.",
                "Ends what --always has set before."
            })
    private @Nullable String by;

    @Option(
            names = "--always",
            paramLabel = "TENANT",
            description =
                    "A tenant that is read from the modern side whatever the share; may be repeated. Replaces those set before.")
    private List<String> always = List.of();

    public FlagsRampCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        requireNoCommas();
        try (OperatorSession session = invocation.openToChange("flags")) {
            invocation.print(
                    new EntityFlags(session).ramp(entity, new Share(percent, Optional.ofNullable(by), always)),
                    RampText::print);
        }
        return ExitCode.DONE.number();
    }

    private void requireNoCommas() {
        always.stream()
                .filter(tenant -> tenant.contains(",") || tenant.isBlank())
                .findFirst()
                .ifPresent(tenant -> {
                    throw new InvalidInputException(
                            "--always takes one tenant without a comma, not '%s'. Repeat it for several."
                                    .formatted(tenant));
                });
    }
}
