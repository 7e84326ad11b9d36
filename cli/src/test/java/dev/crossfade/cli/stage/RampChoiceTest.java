package dev.crossfade.cli.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.cli.terminal.Terminal;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.flags.Ramp;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RampChoiceTest {

    private static final Map<String, Standing> BEFORE =
            Map.of("user", new Standing(Stage.SHADOW_READ, 2), "order", new Standing(Stage.SHADOW_READ, 2));

    private final List<String> asked = new ArrayList<>();

    @Test
    void withoutARampAndWithoutAnybodyToAskNoReadsMove() {
        assertThat(choice(BEFORE, Map.of(), null).shares(List.of("user", "order"), Stage.MODERN_READ, null))
                .isEqualTo(Map.of("user", 0, "order", 0));
        assertThat(asked).isEmpty();
    }

    @Test
    void whoeverIsThereIsAskedForThoseThatHaveNone() {
        Map<String, Ramp> set = Map.of("user", Ramp.byKey(125));

        assertThat(choice(BEFORE, set, "2.5").shares(List.of("user", "order"), Stage.MODERN_READ, null))
                .isEqualTo(Map.of("order", 25));
        assertThat(asked).singleElement().asString().startsWith("No ramp is set for order.");
        assertThat(choice(BEFORE, set, "").shares(List.of("order"), Stage.MODERN_READ, null))
                .as("nothing typed")
                .isEqualTo(Map.of("order", 0));
        assertThatThrownBy(() -> choice(BEFORE, set, "all").shares(List.of("order"), Stage.MODERN_READ, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'all' is not a share");
    }

    @Test
    void theOptionCountsForAllThatTakeTheStep() {
        Map<String, Standing> mixed =
                Map.of("user", new Standing(Stage.SHADOW_READ, 2), "order", new Standing(Stage.MODERN_READ, 3));

        assertThat(choice(mixed, Map.of("user", Ramp.WHOLE), "9")
                        .shares(List.of("user", "order"), Stage.MODERN_READ, "1"))
                .isEqualTo(Map.of("user", 10));
        assertThat(asked).isEmpty();
    }

    @Test
    void theWayBackAsksForNothing() {
        assertThat(choice(Map.of("user", new Standing(Stage.MODERN_PRIMARY, 4)), Map.of(), "9")
                        .shares(List.of("user"), Stage.MODERN_READ, null))
                .isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void theOptionHasNoPlaceElsewhere() {
        assertThatThrownBy(() -> choice(BEFORE, Map.of(), null).shares(List.of("user"), Stage.DUAL_WRITE, "1"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("--ramp belongs to --to modern-read, not to dual-write.");
        assertThatThrownBy(() -> choice(BEFORE, Map.of(), null).shares(List.of("user"), Stage.MODERN_READ, "101"))
                .isInstanceOf(InvalidInputException.class);
    }

    private RampChoice choice(Map<String, Standing> standings, Map<String, Ramp> ramps, @Nullable String answer) {
        return new RampChoice(standings, entity -> Optional.ofNullable(ramps.get(entity)), new Terminal() {
            @Override
            public boolean isThere() {
                return answer != null;
            }

            @Override
            public Optional<String> ask(String question) {
                asked.add(question);
                return Optional.ofNullable(answer).filter(text -> !text.isEmpty());
            }
        });
    }
}
