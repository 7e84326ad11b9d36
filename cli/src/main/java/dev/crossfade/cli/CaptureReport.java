package dev.crossfade.cli;

import dev.crossfade.capture.CaptureState;
import dev.crossfade.cli.Page.Tone;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which capture is installed. */
record CaptureReport(List<Installed> captures) implements Report {

    /**
     * What is installed for one side of an entity.
     *
     * @param side legacy, modern, or both for columns in place
     * @param table the table, null if it is gone
     * @param whole whether every trigger is there, switched on, and as the present mapping asks for
     */
    record Installed(String entity, String side, @Nullable String table, boolean whole) {}

    static CaptureReport of(List<CaptureState> states) {
        return new CaptureReport(states.stream()
                .map(state -> new Installed(
                        state.entity(), state.side(), state.table().orElse(null), state.isWhole()))
                .toList());
    }

    @Override
    public void print(Page page) {
        if (captures.isEmpty()) {
            page.line("No capture is installed.");
            return;
        }
        Table table = new Table("ENTITY", "SIDE", "TABLE", "CAPTURE");
        for (Installed one : captures) {
            table.row(
                    one.entity(),
                    one.side(),
                    one.table() == null ? "dropped" : one.table(),
                    one.whole()
                            ? Table.cell("installed", Tone.GOOD)
                            : Table.cell("incomplete: install it again, or remove it", Tone.BAD));
        }
        page.table(table);
    }
}
