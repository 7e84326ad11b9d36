package dev.crossfade.cli;

import dev.crossfade.cli.FlagsReport.Flag;
import dev.crossfade.flags.EntityFeatures;
import dev.crossfade.flags.GuardedStateRepository;
import dev.crossfade.flags.GuardedStateRepository.RampNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.togglz.core.Feature;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import picocli.CommandLine.Command;

/** Lists the flags. */
@Command(
        name = "flags",
        description = {
            "Lists the flags of all entities. Each flag is on in its stage and all later ones; `crossfade stage` moves them.",
        },
        footer = {"  crossfade flags", "  crossfade flags ramp user 12.5"})
final class FlagsCommand implements Callable<Integer> {

    static final String RAMP = "ramp";
    static final String BY = "by";
    static final String TENANTS = "tenants";

    private final Invocation invocation;

    FlagsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        try (OperatorSession session = invocation.open("flags")) {
            StateRepository store = repository(session, entity -> Optional.empty());
            List<Flag> flags = new ArrayList<>();
            for (String entity : new TreeSet<>(session.standings().keySet())) {
                for (Feature feature : new EntityFeatures(() -> List.of(entity)).getFeatures()) {
                    flags.add(flag(entity, feature, store));
                }
            }
            invocation.print(new FlagsReport(flags));
        }
        return ExitCode.DONE.number();
    }

    private static Flag flag(String entity, Feature feature, StateRepository store) {
        FeatureState state = store.getFeatureState(feature);
        return new Flag(
                feature.name(),
                entity,
                state != null && state.isEnabled(),
                state == null ? null : state.getParameter(RAMP),
                state == null ? null : state.getParameter(BY),
                state == null ? null : state.getParameter(TENANTS));
    }

    static StateRepository repository(OperatorSession session, RampNames rampNames) {
        return new GuardedStateRepository(
                session.databasesAsTheyAre(),
                session.stageChanger(),
                () -> System.getProperty("user.name", "unknown"),
                rampNames);
    }
}
