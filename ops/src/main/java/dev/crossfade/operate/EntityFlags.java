package dev.crossfade.operate;

import dev.crossfade.flags.EntityFeatures;
import dev.crossfade.flags.GuardedStateRepository;
import dev.crossfade.flags.GuardedStateRepository.RampNames;
import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.RampStrategy;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import dev.crossfade.operate.report.FlagsReport;
import dev.crossfade.operate.report.FlagsReport.Flag;
import dev.crossfade.operate.report.RampReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.togglz.core.Feature;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.util.NamedFeature;

/** Shows the flags of all entities, and sets which reads the modern side answers. Not thread-safe. */
public final class EntityFlags {

    private static final String RAMP = "ramp";
    private static final String BY = "by";
    private static final String TENANTS = "tenants";

    private final OperatorSession session;

    /** Creates it for a session. To set a ramp, the session must be allowed to change something. */
    public EntityFlags(OperatorSession session) {
        this.session = session;
    }

    /**
     * How much of an entity's reads moves to the modern side.
     *
     * @param percent from 0 to 100, in steps of 0.1
     * @param by what the ramp hashes: {@code key}, a column of the modern key, or {@code tenant}; empty to leave it as
     *     it is
     * @param always tenants that are always included, whatever the share; none to leave them as they are, if
     *     {@code by} is empty too
     */
    public record Share(String percent, Optional<String> by, List<String> always) {}

    /** Returns the flags of all known entities. */
    public FlagsReport read() {
        StateRepository store = store(entity -> Optional.empty());
        List<Flag> flags = new ArrayList<>();
        for (String entity : new TreeSet<>(session.standings().keySet())) {
            for (Feature feature : new EntityFeatures(() -> List.of(entity)).getFeatures()) {
                flags.add(flag(entity, feature, store));
            }
        }
        return new FlagsReport(flags);
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

    /**
     * Sets how much of an entity's reads moves to the modern side. At {@code modern-read} it takes effect at once.
     *
     * @throws InvalidInputException if the entity is not known, or the share or {@code by} is not valid
     */
    public RampReport ramp(String entity, Share share) {
        session.requireKnown(List.of(entity));
        Stage stage = session.stageChanger().standing(entity).stage();
        NamedFeature flag = new NamedFeature(entity + "." + Stage.MODERN_READ.label());
        StateRepository store = store(name -> rampNames(share, name));
        FeatureState before = store.getFeatureState(flag);
        String goesBy = share.by().map(String::strip).orElseGet(() -> parameter(before, BY, Ramp.KEY));
        String tenants = share.by().isEmpty() && share.always().isEmpty()
                ? parameter(before, TENANTS, "")
                : String.join(",", share.always());
        FeatureState after = new FeatureState(flag);
        // Keep the flag on or off as the entity's stage has it, so that this changes only the ramp.
        after.setEnabled(stage.compareTo(Stage.MODERN_READ) >= 0);
        after.setStrategyId(RampStrategy.ID);
        after.setParameter(RAMP, share.percent().strip());
        if (!goesBy.equals(Ramp.KEY)) {
            after.setParameter(BY, goesBy);
        }
        if (!tenants.isEmpty()) {
            after.setParameter(TENANTS, tenants);
        }
        store.setFeatureState(after);
        return new RampReport(
                entity,
                share.percent().strip(),
                goesBy,
                tenants.isEmpty() ? List.of() : List.of(tenants.split(",")),
                stage.label(),
                stage == Stage.MODERN_READ);
    }

    private StateRepository store(RampNames rampNames) {
        return new GuardedStateRepository(
                session.databasesAsTheyAre(),
                session.stageChanger(),
                () -> System.getProperty("user.name", "unknown"),
                rampNames);
    }

    /**
     * Returns the names to check the ramp against. Only a new choice is looked up: taking reads back must not depend
     * on the mapping file or the modern database.
     */
    private Optional<Set<String>> rampNames(Share share, String entity) {
        if (share.by().isEmpty() || !session.hasMappingFile()) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>();
        // Only the service knows whether it names tenants.
        names.add(Ramp.TENANT);
        session.mappings(List.of(entity))
                .usable()
                .forEach(mapping -> mapping.modern().key().forEach(column -> names.add(column.name())));
        return Optional.of(names);
    }

    private static String parameter(@Nullable FeatureState state, String name, String otherwise) {
        String value = state == null ? null : state.getParameter(name);
        return value == null || value.isBlank() ? otherwise : value.strip();
    }
}
