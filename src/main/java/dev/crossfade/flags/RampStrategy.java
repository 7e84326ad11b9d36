package dev.crossfade.flags;

import dev.crossfade.model.InvalidInputException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.togglz.core.activation.Parameter;
import org.togglz.core.activation.ParameterBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.spi.ActivationStrategy;
import org.togglz.core.user.FeatureUser;

/**
 * The ramp as Togglz and its console know it: the strategy of the {@code modern-read} flags, found through the service
 * loader. The routing layer reads the ramp from its own snapshot and does not ask here. Stateless.
 */
public final class RampStrategy implements ActivationStrategy {

    /** The strategy's identity in the table of flags. */
    public static final String ID = "crossfade-ramp";

    /** Called by the service loader. */
    public RampStrategy() {}

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getName() {
        return "Crossfade ramp";
    }

    /**
     * Tells whether a record is in the ramp, for callers that ask Togglz: the record's key or tenant is the user's
     * attribute named by the ramp's choice. Without that attribute, a ramp is active only if it is whole.
     */
    @Override
    public boolean isActive(FeatureState state, @Nullable FeatureUser user) {
        try {
            Ramp ramp = Ramp.of(parameters(state));
            Object asked = user == null ? null : user.getAttribute(ramp.by());
            return ramp.isWhole() || (asked != null && ramp.covers(asked.toString()));
        } catch (InvalidInputException e) {
            return false;
        }
    }

    @Override
    public Parameter[] getParameters() {
        return new Parameter[] {
            ParameterBuilder.create(Ramp.SHARE_PARAMETER)
                    .label("Share in per cent")
                    .description("From 0 to 100 in steps of 0.1: how much is read from the modern side.")
                    .matching("\\s*(100([.]0+)?|[0-9]{1,2}([.][0-9]0*)?)\\s*"),
            ParameterBuilder.create(Ramp.BY_PARAMETER)
                    .label("By")
                    .description(
                            "'key' (where nothing is set), the name of a column of the modern key, or 'tenant' where the service names one for each key.")
                    .optional(),
            ParameterBuilder.create(Ramp.TENANTS_PARAMETER)
                    .label("Always on for")
                    .description("Tenants that are read from the modern side whatever the share, separated by commas.")
                    .optional()
                    .largeText()
        };
    }

    static Map<String, String> parameters(FeatureState state) {
        Map<String, String> parameters = new HashMap<>();
        for (String name : state.getParameterNames()) {
            parameters.put(name, state.getParameter(name));
        }
        return parameters;
    }
}
