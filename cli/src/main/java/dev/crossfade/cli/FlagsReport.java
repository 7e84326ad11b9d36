package dev.crossfade.cli;

import dev.crossfade.cli.Page.Tone;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flags of all entities. */
record FlagsReport(List<Flag> flags) implements Report {

    /**
     * A flag.
     *
     * @param ramp the share of keys read from the modern side in per cent, null where nothing is set: all of them
     * @param by what the ramp goes by, null for the key
     * @param tenants tenants that are always in, separated by commas; null for none
     */
    record Flag(
            String flag,
            String entity,
            boolean on,
            @Nullable String ramp,
            @Nullable String by,
            @Nullable String tenants) {

        private String rampText() {
            String text = ramp == null ? "" : ramp + "%";
            if (by != null) {
                text += " by " + by;
            }
            return tenants == null ? text : text + ", always " + tenants;
        }
    }

    @Override
    public void print(Page page) {
        Table table = new Table("FLAG", "STATE", "RAMP");
        for (Flag flag : flags) {
            table.row(
                    flag.flag(),
                    flag.on() ? Table.cell("on", Tone.GOOD) : Table.cell("off", Tone.FAINT),
                    flag.rampText());
        }
        page.table(table);
        if (flags.isEmpty()) {
            page.line("There are no flags yet: no entity is known.");
        }
    }
}
