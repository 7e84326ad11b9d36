package dev.crossfade.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x200B, 0x200E, 0x2028,
                0x2029, 0x202A, 0x202E, 0x2066, 0x2069, 0xFEFF, 0xFDD1, 0xD800
            })
    void whatControlsATerminalIsEscaped(int point) {
        assertThat(PrintableText.of("a" + (char) point + "b")).isEqualTo("a\\u%04xb".formatted(point));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "Grüße, 日本語 עברית", "emoji 🙂", "back\\slash", "…×«»"})
    void allOtherTextStaysAsItIs(String text) {
        assertThat(PrintableText.of(text)).isSameAs(text);
    }

    @Test
    void linesStayWhereTheyAreMeant() {
        assertThat(PrintableText.ofLines("a\r\nb\nc\rd\u001b")).isEqualTo("a\nb\nc\\u000dd\\u001b");
        assertThat(RecordKey.of("a\nb", "\u001b[31m")).hasToString("a\\u000ab,\\u001b[31m");
    }

    @Test
    void charactersBeyondTheBasicPlaneAreEscapedAsBothHalves() {
        assertThat(PrintableText.of("\uDB40\uDC41")).isEqualTo("\\udb40\\udc41");
    }
}
