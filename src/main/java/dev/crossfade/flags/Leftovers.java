package dev.crossfade.flags;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.flags.Gate.Step;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.reconcile.PreparedDrain;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Applies what the last writers left, while writers are blocked.
 *
 * @param mappings the mapping of an entity, empty if it is not known here
 */
record Leftovers(Databases databases, Function<String, Optional<TableMapping>> mappings) {

    /** Applies it; returns what could not be applied, empty if everything was. */
    String workOff(FlipTransactions transactions, PreparedDrain rest, List<Step> steps) throws SQLException {
        StringBuilder left = new StringBuilder();
        for (Step step : steps) {
            TableMapping mapping = mapping(step);
            StandingHold hold = new StandingHold(databases, step.entity(), mapping.fingerprint(), step.from());
            int intents = rest.workOff(mapping, hold, transactions.window()::isOver);
            if (intents > 0) {
                left.append("%s has %s intents that could not be applied while writers were kept out. "
                        .formatted(step.entity(), intents));
            }
        }
        return left.toString();
    }

    /** Tells whether the mapping of a step's entity is known here. */
    boolean knows(Step step) {
        return mappings.apply(step.entity()).isPresent();
    }

    TableMapping mapping(Step step) {
        return mappings.apply(step.entity())
                .orElseThrow(() -> new InvalidInputException(
                        "The mapping of '%s' is not known here, and without it nothing can be drained. Add it to the mapping file."
                                .formatted(step.entity())));
    }
}
