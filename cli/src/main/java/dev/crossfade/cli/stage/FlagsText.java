package dev.crossfade.cli.stage;

import dev.crossfade.cli.terminal.Page;
import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.cli.terminal.Table;
import dev.crossfade.operate.report.FlagsReport;
import dev.crossfade.operate.report.FlagsReport.Flag;

/** Prints a {@link FlagsReport} for people. */
final class FlagsText {

    private FlagsText() {}

    static void print(FlagsReport report, Page page) {
        Table table = new Table("FLAG", "STATE", "RAMP");
        for (Flag flag : report.flags()) {
            table.row(flag.flag(), flag.on() ? Table.cell("on", Tone.GOOD) : Table.cell("off", Tone.FAINT), ramp(flag));
        }
        page.table(table);
        if (report.flags().isEmpty()) {
            page.line("There are no flags yet: no entity is known.");
        }
    }

    private static String ramp(Flag flag) {
        String text = flag.ramp() == null ? "" : flag.ramp() + "%";
        if (flag.by() != null) {
            text += " by " + flag.by();
        }
        return flag.tenants() == null ? text : text + ", always " + flag.tenants();
    }
}
