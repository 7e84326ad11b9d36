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
 * Runs a query over a sample of which the server refuses some rows: finds the refused rows by halving, and answers
 * for the others. The number of queries is limited, so with many such rows some of the sample is not examined.
 *
 * @param answers the server's answers about the rows that it did not refuse
 * @param rows how many rows it did not refuse
 * @param refused the rows that it refuses, each alone
 * @param unknown how many rows were not examined
 */
record Piecewise<T>(List<Part<T>> answers, long rows, List<Refused> refused, int unknown) {

    /** Enough for six refused rows of a thousand, far apart from each other. */
    private static final int QUESTIONS = 96;

    /** So many refused rows and no accepted one are more than a few bad rows. */
    private static final int MANY = 10;

    /**
     * No matching case, too many rows of a subquery, data exception, a broken constraint, an error raised by a
     * function, too large or too deep.
     */
    private static final Set<String> OF_A_ROW = Set.of("20", "21", "22", "23", "2F", "38", "39", "44", "54", "P0");

    /** The errors for a value that the server cannot parse as a query, a name or the like. */
    private static final Set<String> OF_A_VALUE = Set.of(SqlState.SYNTAX_ERROR);

    /** The server's answer about some of the rows. */
    record Part<T>(Sample rows, T answer) {}

    /** A row that the server refuses. */
    record Refused(Sample row, Answer.Refusal<?> reason) {}

    /** Tells whether a refusal is due to single rows and not to the query itself. */
    static boolean isOfARow(Answer.Refusal<?> refusal) {
        String state = refusal.sqlState();
        return refusal.unconvertible()
                || (state.length() == 5 && (OF_A_ROW.contains(state.substring(0, 2)) || OF_A_VALUE.contains(state)));
    }

    /** Tells whether all examined rows were refused, and there were more than a few. */
    boolean isOfEveryRow() {
        return rows == 0 && refused.size() >= MANY;
    }

    /**
     * Examines rows for which the query over all of them was refused.
     *
     * @param counted returns how many rows an answer is about
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
