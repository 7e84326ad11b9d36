package dev.crossfade.cli.stage;

import dev.crossfade.cli.terminal.Terminal;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.Ramp;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides how much of some entities' reads moves to the modern side with the step to {@code modern-read}. The option
 * decides; else the ramp that is set; else the answer of whoever started the command; else no reads move.
 *
 * @param standings the entities' stages
 * @param ramps the ramp of each entity, empty where none was ever set
 */
record RampChoice(Map<String, Standing> standings, Function<String, Optional<Ramp>> ramps, Terminal terminal) {

    static RampChoice of(StageChanger changer, Terminal terminal) {
        return new RampChoice(changer.standings(), changer::ramp, terminal);
    }

    /**
     * Returns the shares that the step sets, in per mille, by entity; entities that keep theirs are absent.
     *
     * @param given the option's value, null where it was not given
     * @throws InvalidInputException if the option does not apply here, or the option or the typed answer is not a
     *     share
     */
    Map<String, Integer> shares(List<String> entities, Stage to, @Nullable String given) {
        if (given != null && to != Stage.MODERN_READ) {
            throw new InvalidInputException(
                    "--ramp belongs to --to %s, not to %s.".formatted(Stage.MODERN_READ.label(), to.label()));
        }
        @Nullable Integer share = given == null ? null : Integer.valueOf(Ramp.perMille(given.strip()));
        Map<String, Integer> shares = new LinkedHashMap<>();
        if (to == Stage.MODERN_READ) {
            List<String> rising =
                    entities.stream().distinct().filter(this::standsBefore).toList();
            if (share != null) {
                int perMille = share;
                rising.forEach(entity -> shares.put(entity, perMille));
            } else {
                List<String> unset = rising.stream()
                        .filter(entity -> ramps.apply(entity).isEmpty())
                        .toList();
                if (!unset.isEmpty()) {
                    int perMille = asked(unset);
                    unset.forEach(entity -> shares.put(entity, perMille));
                }
            }
        }
        return shares;
    }

    private boolean standsBefore(String entity) {
        Standing standing = standings.get(entity);
        return standing != null && standing.stage() == Stage.SHADOW_READ;
    }

    /** Asks for the share. With nobody to ask it is none, which is safe, and the report says so. */
    private int asked(List<String> entities) {
        if (!terminal.isThere()) {
            return 0;
        }
        return terminal.ask(
                        "No ramp is set for %s. For how many per cent of its keys is the modern side to be read (0 to 100; nothing typed: 0)? "
                                .formatted(String.join(", ", entities)))
                .map(Ramp::perMille)
                .orElse(0);
    }
}
