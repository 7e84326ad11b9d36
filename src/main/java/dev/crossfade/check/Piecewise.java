package dev.crossfade.check;

import dev.crossfade.check.Probe.Answer;
import dev.crossfade.check.SourceRow.Sample;
import dev.crossfade.sql.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A question about some rows that the server refuses because of some of them, asked about the others: those that it
 * refuses are told by halving. The questions are limited, so of a sample with many such rows some are not looked at.
 *
 * @param answers what the server said of the rows that it did not refuse
 * @param rows how many rows it did not refuse
 * @param refused the rows that it refuses, each alone
 * @param unknown how many rows were not looked at
 */
record Piecewise<T>(List<Part<T>> answers, long rows, List<Refused> refused, int unknown) {

    /** Enough for six rows of a thousand, each in another half of halves. */
    private static final int QUESTIONS = 96;

    /** So many rows that do not fit, and none that does, are not a few bad ones. */
    private static final int MANY = 10;

    /**
     * No case that fits, too many rows of a subquery, data exception, a broken rule, what a function raises, too large
     * or too deep.
     */
    private static final Set<String> OF_A_ROW = Set.of("20", "21", "22", "23", "2F", "38", "39", "44", "54", "P0");

    /** What the server says of a value that it cannot read as a query, a name or the like. */
    private static final Set<String> OF_A_VALUE = Set.of(SqlState.SYNTAX_ERROR);

    /** What the server said of some of the rows. */
    record Part<T>(Sample rows, T answer) {}

    /** A row that the server refuses. */
    record Refused(Sample row, Answer.Refusal<?> reason) {}

    /**
     * Tells whether a refusal of something that the server understands is due to one row or some, and not to all alike.
     */
    static boolean isOfARow(Answer.Refusal<?> refusal) {
        String state = refusal.sqlState();
        return refusal.unconvertible()
                || (state.length() == 5 && (OF_A_ROW.contains(state.substring(0, 2)) || OF_A_VALUE.contains(state)));
    }

    /** Tells whether no row that was looked at goes, and more than a few were. */
    boolean isOfEveryRow() {
        return rows == 0 && refused.size() >= MANY;
    }

    /**
     * Asks about some rows for which the whole question was refused.
     *
     * @param counted tells how many rows an answer is about
     */
    static <T> Piecewise<T> ask(Sample rows, Function<Sample, Answer<T>> question, ToLongFunction<T> counted) {
        Piecewise<T> found = new Piecewise<>(new ArrayList<>(), 0, new ArrayList<>(), 0);
        int[] left = {QUESTIONS};
        int unknown = found.halve(rows, question, left);
        long answered = found.answers.stream()
                .mapToLong(part -> counted.applyAsLong(part.answer()))
                .sum();
        return new Piecewise<>(List.copyOf(found.answers), answered, List.copyOf(found.refused), unknown);
    }

    private int halve(Sample rows, Function<Sample, Answer<T>> question, int[] left) {
        int unknown = 0;
        for (Sample half : rows.halves()) {
            if (half.rows() > 0) {
                unknown += left[0]-- > 0 ? look(half, question, left) : half.rows();
            }
        }
        return unknown;
    }

    private int look(Sample rows, Function<Sample, Answer<T>> question, int[] left) {
        switch (question.apply(rows)) {
            case Answer.Value<T>(T answer) -> answers.add(new Part<>(rows, answer));
            case Answer.Refusal<T> refusal -> {
                if (!isOfARow(refusal)) {
                    return rows.rows();
                }
                if (rows.rows() > 1) {
                    return halve(rows, question, left);
                }
                refused.add(new Refused(rows, refusal));
            }
        }
        return 0;
    }
}
