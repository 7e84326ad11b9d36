package dev.crossfade.sample.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalFormTest {

    @Test
    void textsLoseWhatTheModernTablesRefuse() {
        assertThat(NormalForm.email("  Ada@Example.ORG ")).isEqualTo("ada@example.org");
        assertThat(NormalForm.name(" Ada \t Augusta  Lovelace ")).isEqualTo("Ada Augusta Lovelace");
        assertThat(NormalForm.name("   ")).isNull();
        assertThat(NormalForm.phone("+49 (0)30 / 12-34")).isEqualTo("+490301234");
        assertThat(NormalForm.phone("n/a")).isNull();
        assertThat(NormalForm.reference(" ord-7 ")).isEqualTo("ORD-7");
        assertThat(NormalForm.note("  ring twice ")).isEqualTo("ring twice");
        assertThat(NormalForm.amount(new BigDecimal("0.005"))).isEqualTo("0.01");
    }

    @ParameterizedTest
    @CsvSource({
        // the hour that there is twice: its first half cannot be told from its second in local time
        "2024-10-27T00:30:00Z, 2024-10-27T01:30:00Z",
        "2024-10-27T01:30:00Z, 2024-10-27T01:30:00Z",
        "2024-10-26T23:59:59.999999999Z, 2024-10-26T23:59:59.999999Z",
        "2024-03-31T01:00:00Z, 2024-03-31T01:00:00Z"
    })
    void anInstantIsOneThatTheLegacyLocalTimeCanTell(Instant instant, Instant kept) {
        assertThat(NormalForm.time(instant).toInstant()).isEqualTo(kept);
        assertThat(NormalForm.time(kept).toInstant()).isEqualTo(kept);
    }
}
