package dev.crossfade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialNumberTest {

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void isPrintedAsItWasRead(String text) {
        BigDecimal number = SpecialNumber.parse(text);

        assertThat(number).isInstanceOf(SpecialNumber.class).hasToString(text).isEqualTo(SpecialNumber.parse(text));
        assertThat(number.toPlainString()).isEqualTo(text);
        assertThat(Double.valueOf(number.doubleValue())).isEqualTo(Double.valueOf(text));
        assertThat(number).isNotEqualTo(BigDecimal.ZERO);
    }

    @Test
    void isInTheOrderOfPostgres() {
        List<BigDecimal> numbers = Stream.of("NaN", "1e300", "Infinity", "-1", "-Infinity")
                .map(SpecialNumber::parse)
                .sorted()
                .toList();

        assertThat(numbers)
                .containsExactly(
                        SpecialNumber.NEGATIVE_INFINITY,
                        new BigDecimal("-1"),
                        new BigDecimal("1e300"),
                        SpecialNumber.INFINITY,
                        SpecialNumber.NAN);
        assertThat(BigDecimal.ONE.compareTo(SpecialNumber.INFINITY)).isNegative();
    }

    @Test
    void nothingIsComputedWithIt() {
        List<ThrowingCallable> attempts = Arrays.asList(
                () -> SpecialNumber.NAN.add(BigDecimal.ONE),
                () -> SpecialNumber.NAN.negate(),
                () -> SpecialNumber.INFINITY.setScale(2, RoundingMode.HALF_UP),
                () -> SpecialNumber.INFINITY.longValue(),
                () -> BigDecimal.ONE.add(SpecialNumber.NAN),
                () -> new BigDecimal("1.50").subtract(SpecialNumber.INFINITY));

        assertThat(attempts).allSatisfy(attempt -> assertThatThrownBy(attempt).isInstanceOf(ArithmeticException.class));
    }

    @Test
    void staysTheSameWhenItIsSerialized() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(SpecialNumber.NAN);
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isSameAs(SpecialNumber.NAN);
        }
    }
}
