package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.benchmarks.strategies.OperationMix.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the rows of a table deviate from what callers were told.
 *
 * <p>A key's value is right if no acknowledged write of the key began after the write of that value had ended: of two
 * concurrent writes either may have been the last. A failed write may have been done or not.
 *
 * @param lost rows that are missing and must exist
 * @param different rows with a value that an acknowledged write had replaced
 * @param reappeared rows that exist and must not
 */
record Deviations(long lost, long different, long reappeared) {

    long total() {
        return lost + different + reappeared;
    }

    /** Compares a table with the operations so far. Only while the load is paused. */
    static Deviations of(OpenLoop load, int rows, Map<Long, List<String>> table) {
        Map<Long, List<Done>> writes = new HashMap<>();
        load.forEach(done -> {
            if (done.kind().isWrite()) {
                writes.computeIfAbsent(done.key(), key -> new ArrayList<>()).add(done);
            }
        });
        return of(writes, rows, table);
    }

    /** Compares a table, which had the keys from 1 to {@code rows}, with the later writes to its keys. */
    static Deviations of(Map<Long, List<Done>> writes, int rows, Map<Long, List<String>> table) {
        Set<Long> keys = new HashSet<>(table.keySet());
        keys.addAll(writes.keySet());
        for (long key = 1; key <= rows; key++) {
            keys.add(key);
        }
        long lost = 0;
        long different = 0;
        long reappeared = 0;
        for (long key : keys) {
            Optional<List<String>> actual = Optional.ofNullable(table.get(key));
            Set<Optional<List<String>>> allowed = allowed(writes.getOrDefault(key, List.of()), key, rows);
            if (allowed.contains(actual)) {
                continue;
            }
            if (actual.isEmpty()) {
                lost++;
            } else if (allowed.stream().allMatch(Optional::isEmpty)) {
                reappeared++;
            } else {
                different++;
            }
        }
        return new Deviations(lost, different, reappeared);
    }

    private static Set<Optional<List<String>>> allowed(List<Done> writes, long key, int rows) {
        long lastBegun = writes.stream()
                .filter(Done::answered)
                .mapToLong(Done::began)
                .max()
                .orElse(Long.MIN_VALUE);
        Set<Optional<List<String>>> allowed = new HashSet<>();
        if (lastBegun == Long.MIN_VALUE) {
            allowed.add(key <= rows ? Optional.of(values(OperationMix.initial(key))) : Optional.empty());
        }
        writes.stream()
                .filter(write -> write.ended() >= lastBegun)
                .map(write -> write.kind() == Kind.DELETE
                        ? Optional.<List<String>>empty()
                        : Optional.of(values(OperationMix.written(key, write.number()))))
                .forEach(allowed::add);
        return allowed;
    }

    private static List<String> values(Account account) {
        return List.of(account.email(), account.fullName());
    }
}
