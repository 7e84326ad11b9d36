package dev.crossfade.model;

import java.io.Serial;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * A value of PostgreSQL's {@code numeric} that is not a finite number: {@link #NAN} and the two infinities.
 *
 * <p>A record that a repository has read carries it where any other value would be a {@link BigDecimal}, so that the
 * row can be read, and saved again as it was. It cannot be used in computations: every method that would return a
 * number throws an {@link ArithmeticException}, and arithmetic of other numbers with it overflows. It is printed as
 * PostgreSQL does, {@link #doubleValue} is the floating-point number of that name, and it compares as in PostgreSQL:
 * {@code NaN} is greater than every other value.
 */
public final class SpecialNumber extends BigDecimal {

    @Serial
    private static final long serialVersionUID = 1;

    /** Not a number. */
    public static final SpecialNumber NAN = new SpecialNumber(2, "NaN", Double.NaN);

    /** Greater than every number. */
    public static final SpecialNumber INFINITY = new SpecialNumber(1, "Infinity", Double.POSITIVE_INFINITY);

    /** Less than every number. */
    public static final SpecialNumber NEGATIVE_INFINITY = new SpecialNumber(-1, "-Infinity", Double.NEGATIVE_INFINITY);

    private final int rank;
    private final String text;
    private final double nearest;

    /** The extreme scale: adding such a number to one that a column can hold overflows. */
    private SpecialNumber(int rank, String text, double nearest) {
        super(BigInteger.valueOf(rank), Integer.MIN_VALUE);
        this.rank = rank;
        this.text = text;
        this.nearest = nearest;
    }

    /** Returns the value that PostgreSQL prints like this: one of the constants, or a number. */
    public static BigDecimal parse(String text) {
        return switch (text) {
            case "NaN" -> NAN;
            case "Infinity" -> INFINITY;
            case "-Infinity" -> NEGATIVE_INFINITY;
            default -> new BigDecimal(text);
        };
    }

    @Override
    public int compareTo(BigDecimal other) {
        int theirs = other instanceof SpecialNumber special ? special.rank : 0;
        return Integer.compare(rank, theirs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SpecialNumber special && special.rank == rank;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public String toPlainString() {
        return text;
    }

    @Override
    public String toEngineeringString() {
        return text;
    }

    @Override
    public double doubleValue() {
        return nearest;
    }

    @Override
    public float floatValue() {
        return (float) nearest;
    }

    /** Returns this: there is nothing to strip. */
    @Override
    public BigDecimal stripTrailingZeros() {
        return this;
    }

    /** Returns 0: it has no decimal places. */
    @Override
    public int scale() {
        return 0;
    }

    /** Returns 1, by which comparisons of other numbers see that this one is out of their range. */
    @Override
    public int precision() {
        return 1;
    }

    @Override
    public BigInteger unscaledValue() {
        throw none();
    }

    @Override
    public BigDecimal add(BigDecimal augend) {
        throw none();
    }

    @Override
    public BigDecimal add(BigDecimal augend, MathContext context) {
        throw none();
    }

    @Override
    public BigDecimal subtract(BigDecimal subtrahend) {
        throw none();
    }

    @Override
    public BigDecimal subtract(BigDecimal subtrahend, MathContext context) {
        throw none();
    }

    @Override
    public BigDecimal multiply(BigDecimal multiplicand) {
        throw none();
    }

    @Override
    public BigDecimal multiply(BigDecimal multiplicand, MathContext context) {
        throw none();
    }

    @Override
    public BigDecimal divide(BigDecimal divisor) {
        throw none();
    }

    @Override
    public BigDecimal divide(BigDecimal divisor, int scale, RoundingMode mode) {
        throw none();
    }

    @Override
    public BigDecimal divide(BigDecimal divisor, RoundingMode mode) {
        throw none();
    }

    @Override
    public BigDecimal divide(BigDecimal divisor, MathContext context) {
        throw none();
    }

    @Override
    public BigDecimal remainder(BigDecimal divisor) {
        throw none();
    }

    @Override
    public BigDecimal negate() {
        throw none();
    }

    @Override
    public BigDecimal abs() {
        throw none();
    }

    @Override
    public BigDecimal round(MathContext context) {
        throw none();
    }

    @Override
    public BigDecimal setScale(int scale, RoundingMode mode) {
        throw none();
    }

    @Override
    public BigDecimal setScale(int scale) {
        throw none();
    }

    @Override
    public BigInteger toBigInteger() {
        throw none();
    }

    @Override
    public BigInteger toBigIntegerExact() {
        throw none();
    }

    @Override
    public int intValue() {
        throw none();
    }

    @Override
    public int intValueExact() {
        throw none();
    }

    @Override
    public long longValue() {
        throw none();
    }

    @Override
    public long longValueExact() {
        throw none();
    }

    private ArithmeticException none() {
        return new ArithmeticException("The database holds " + text + " here, which is no number to compute with.");
    }

    @Serial
    private Object readResolve() {
        return parse(text);
    }
}
