package dev.crossfade.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.cli.terminal.Page.Tone;
import dev.crossfade.operate.report.Wording;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {

    private final StringWriter text = new StringWriter();

    @Test
    void columnsAreAlignedAndNumbersToTheRight() {
        Page page = new Page(new PrintWriter(text), false);

        page.table(new Table("NAME", "ROWS", "STATE")
                .row("ä", "7", Table.cell("on", Tone.GOOD))
                .row("longer", "1,234", "off"));

        assertThat(text.toString().lines())
                .containsExactly("NAME     ROWS  STATE", "ä           7  on", "longer  1,234  off");
    }

    @Test
    void aLongCellGoesOnInTheNextLineAndALongWordIsKept() {
        Page page = new Page(new PrintWriter(text), false);

        page.table(new Table("GATE", "SEEN", "N")
                .wrappedAt(9)
                .row("one", "there was none", "1")
                .row("two", "an unbreakable thing", "-"));

        assertThat(text.toString().lines())
                .containsExactly(
                        "GATE  SEEN         N",
                        "one   there was    1",
                        "      none",
                        "two   an           -",
                        "      unbreakable",
                        "      thing");
    }

    @Test
    void coloursDoNotChangeTheWidths() {
        Page page = new Page(new PrintWriter(text), true);

        page.table(
                new Table("NAME", "STATE").row(Table.cell("a", Tone.BAD), "x").row("bcdef", "y"));

        assertThat(text.toString()).contains("\u001B[31ma\u001B[0m      x");
        assertThat(text.toString().replaceAll("\u001B\\[[0-9]*m", "").lines())
                .containsExactly("NAME   STATE", "a      x", "bcdef  y");
    }

    @ParameterizedTest
    @CsvSource({"1500,1.5 s", "42000,42 s", "200000,3 min 20 s", "7300000,2 h 1 min", "180000000,2 d 2 h"})
    void durationsHaveTwoUnits(long millis, String expected) {
        assertThat(Wording.duration(Duration.ofMillis(millis))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,10,0%", "5,10,50%", "9999,10000,99%", "10,10,100%", "12,10,100%", "0,0,100%"})
    void onlyTheWholeIsAHundredPerCent(long part, long whole, String expected) {
        assertThat(Wording.share(part, whole)).isEqualTo(expected);
    }
}
