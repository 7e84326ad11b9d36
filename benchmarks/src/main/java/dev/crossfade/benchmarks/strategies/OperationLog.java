package dev.crossfade.benchmarks.strategies;

import dev.crossfade.benchmarks.strategies.OperationMix.Kind;
import dev.crossfade.benchmarks.strategies.OperationMix.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The operations of one caller. Only the caller writes it, and it is read while the caller is paused.
 *
 * <p>It uses arrays, because with a million objects the pauses of the garbage collector would be measured too.
 */
final class OperationLog {

    private static final Kind[] KINDS = Kind.values();
    private static final int FIELDS = 6;
    private static final int CHUNK = FIELDS * 4096;

    private final List<long[]> chunks = new ArrayList<>();
    private int used = CHUNK;

    void add(Planned operation, long due, long began, long ended, boolean answered) {
        if (used == CHUNK) {
            chunks.add(new long[CHUNK]);
            used = 0;
        }
        long[] chunk = chunks.getLast();
        chunk[used] = operation.number();
        chunk[used + 1] = 2L * operation.kind().ordinal() + (answered ? 1 : 0);
        chunk[used + 2] = operation.key();
        chunk[used + 3] = due;
        chunk[used + 4] = began;
        chunk[used + 5] = ended;
        used += FIELDS;
    }

    void forEach(Consumer<Done> reader) {
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            int end = chunk == chunks.size() - 1 ? used : CHUNK;
            for (int at = 0; at < end; at += FIELDS) {
                reader.accept(entry(chunks.get(chunk), at));
            }
        }
    }

    private static Done entry(long[] chunk, int at) {
        long code = chunk[at + 1];
        return new Done(
                chunk[at],
                KINDS[(int) (code / 2)],
                chunk[at + 2],
                chunk[at + 3],
                chunk[at + 4],
                chunk[at + 5],
                code % 2 == 1);
    }
}
