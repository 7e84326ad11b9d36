package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.RampStrategy;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.util.NamedFeature;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets which reads are answered by the modern side. */
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
final class FlagsRampCommand implements Callable<Integer> {

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

    FlagsRampCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * What was set.
     *
     * @param percent share of the keys, or tenants, that are read from the modern side
     * @param by what the ramp goes by
     * @param tenants tenants that are always in
     * @param inForce whether the entity stands where the ramp counts
     */
    record RampReport(String entity, String percent, String by, List<String> tenants, String stage, boolean inForce)
            implements Report {

        @Override
        public void print(Page page) {
            page.line(
                    "%s: %s%% of the %s are read from the modern side in modern-read%s.",
                    entity,
                    percent,
                    by.equals(Ramp.KEY) ? "keys" : "tenants (by " + by + ")",
                    tenants.isEmpty() ? "" : ", and always " + String.join(", ", tenants));
            if (!inForce) {
                page.line(page.paint(
                        "%s stands at %s, where the ramp does not count.".formatted(entity, stage), Tone.WARNING));
            }
        }
    }

    @Override
    public Integer call() {
        requireNoCommas();
        try (OperatorSession session = invocation.openToChange("flags")) {
            session.requireKnown(List.of(entity));
            Stage stage = session.stageChanger().standing(entity).stage();
            NamedFeature flag = new NamedFeature(entity + "." + Stage.MODERN_READ.label());
            StateRepository store = FlagsCommand.repository(session, name -> rampNames(session, name));
            FeatureState before = store.getFeatureState(flag);
            String goesBy = by == null ? parameter(before, FlagsCommand.BY, Ramp.KEY) : by.strip();
            String tenants = by == null && always.isEmpty()
                    ? parameter(before, FlagsCommand.TENANTS, "")
                    : String.join(",", always);
            FeatureState after = new FeatureState(flag);
            // As it is on in the entity's stage: then setting it moves nothing but the ramp.
            after.setEnabled(stage.compareTo(Stage.MODERN_READ) >= 0);
            after.setStrategyId(RampStrategy.ID);
            after.setParameter(FlagsCommand.RAMP, percent.strip());
            if (!goesBy.equals(Ramp.KEY)) {
                after.setParameter(FlagsCommand.BY, goesBy);
            }
            if (!tenants.isEmpty()) {
                after.setParameter(FlagsCommand.TENANTS, tenants);
            }
            store.setFeatureState(after);
            invocation.print(new RampReport(
                    entity,
                    percent.strip(),
                    goesBy,
                    tenants.isEmpty() ? List.of() : List.of(tenants.split(",")),
                    stage.label(),
                    stage == Stage.MODERN_READ));
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

    /** Taking reads back must not depend on the mapping file or the modern database: only a new choice is looked up. */
    private Optional<Set<String>> rampNames(OperatorSession session, String name) {
        if (by == null || !session.hasMappingFile()) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        // Whether a service names tenants is known to the service alone.
        names.add(Ramp.TENANT);
        session.mappings(List.of(name))
                .usable()
                .forEach(mapping -> mapping.modern().key().forEach(column -> names.add(column.name())));
        return Optional.of(names);
    }

    private static String parameter(@Nullable FeatureState state, String name, String otherwise) {
        String value = state == null ? null : state.getParameter(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }
}
