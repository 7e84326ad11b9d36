package dev.crossfade.benchmarks.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.strategies.OperationMix.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeviationsTest {

    private static final int ROWS = 3;
    private static final Deviations NONE = new Deviations(0, 0, 0);

    private final Map<Long, List<String>> table = new HashMap<>(Map.of(
            1L,
            values(OperationMix.initial(1)),
            2L,
            values(OperationMix.initial(2)),
            3L,
            values(OperationMix.initial(3))));

    @Test
    void aTableThatNobodyWroteIsAsItWas() {
        assertThat(compare()).isEqualTo(NONE);

        table.remove(2L);
        table.put(3L, List.of("other@example.org", "Other"));
        table.put(9L, List.of("ghost@example.org", "Ghost"));

        assertThat(compare()).isEqualTo(new Deviations(1, 1, 1));
    }

    @Test
    void theLastOfTwoWritesOneAfterTheOtherMustBeThere() {
        Done first = save(10, 1, 0, 5, true);
        Done second = save(11, 1, 6, 9, true);

        table.put(1L, written(second));
        assertThat(compare(first, second)).isEqualTo(NONE);
        table.put(1L, written(first));
        assertThat(compare(first, second)).isEqualTo(new Deviations(0, 1, 0));
        table.remove(1L);
        assertThat(compare(first, second)).isEqualTo(new Deviations(1, 0, 0));
    }

    @Test
    void eitherOfTwoWritesAtTheSameTimeMayBeThere() {
        Done first = save(10, 1, 0, 7, true);
        Done second = save(11, 1, 6, 9, true);

        table.put(1L, written(first));
        assertThat(compare(first, second)).isEqualTo(NONE);
        table.put(1L, written(second));
        assertThat(compare(first, second)).isEqualTo(NONE);
        table.put(1L, values(OperationMix.initial(1)));
        assertThat(compare(first, second)).isEqualTo(new Deviations(0, 1, 0));
    }

    @Test
    void aWriteThatFailedMayBeThereOrNotAndReplacesNothing() {
        Done acknowledged = save(10, 1, 0, 5, true);
        Done failed = save(11, 1, 6, 9, false);

        table.put(1L, written(failed));
        assertThat(compare(acknowledged, failed)).isEqualTo(NONE);
        table.put(1L, written(acknowledged));
        assertThat(compare(acknowledged, failed)).isEqualTo(NONE);
        assertThat(compare(failed)).as("of a value that nobody wrote").isEqualTo(new Deviations(0, 1, 0));
        table.put(1L, values(OperationMix.initial(1)));
        assertThat(compare(failed)).isEqualTo(NONE);
    }

    @Test
    void aRowThatWasDeletedMustNotBeThere() {
        Done deleted = new Done(10, Kind.DELETE, 1, 0, 0, 5, true);

        assertThat(compare(deleted)).isEqualTo(new Deviations(0, 0, 1));
        table.remove(1L);
        assertThat(compare(deleted)).isEqualTo(NONE);
    }

    private Deviations compare(Done... writes) {
        return Deviations.of(Stream.of(writes).collect(Collectors.groupingBy(Done::key)), ROWS, table);
    }

    private static Done save(long number, long key, long began, long ended, boolean answered) {
        return new Done(number, Kind.SAVE, key, began, began, ended, answered);
    }

    private static List<String> written(Done save) {
        return values(OperationMix.written(save.key(), save.number()));
    }

    private static List<String> values(Account account) {
        return List.of(account.email(), account.fullName());
    }
}
