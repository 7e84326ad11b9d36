package dev.crossfade.operate.report;

import dev.crossfade.capture.CaptureState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which capture is installed. */
public record CaptureReport(List<Installed> captures) {

    /**
     * The capture installed for one side of an entity.
     *
     * @param side legacy, modern, or both for columns in place
     * @param table the table, null if it is gone
     * @param whole whether every trigger exists, is enabled, and notes keys as the present mapping requires
     */
    public record Installed(
            String entity, String side, @Nullable String table, boolean whole) {}

    public static CaptureReport of(List<CaptureState> states) {
        return new CaptureReport(states.stream()
                .map(state -> new Installed(
                        state.entity(), state.side(), state.table().orElse(null), state.isWhole()))
                .toList());
    }
}
