package dev.crossfade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordKeyTest {

    @Test
    void keysAreEqualWhenTheirColumnsAre() {
        assertThat(RecordKey.of("1", "a")).isEqualTo(new RecordKey(List.of("1", "a")));
        assertThat(RecordKey.of("1", "a")).isNotEqualTo(RecordKey.of("a", "1"));
        assertThat(RecordKey.of("1,a")).isNotEqualTo(RecordKey.of("1", "a"));
    }

    @Test
    void laterChangesOfTheListDoNotReachTheKey() {
        List<String> values = new ArrayList<>(List.of("1"));
        RecordKey key = new RecordKey(values);
        values.set(0, "2");

        assertThat(key).hasToString("1");
    }

    @Test
    void aKeyWithoutColumnsOrWithoutAValueIsRefused() {
        assertThatThrownBy(RecordKey::of).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordKey.of("1", null)).isInstanceOf(NullPointerException.class);
    }
}
