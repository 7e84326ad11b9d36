package dev.crossfade.sample.storage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which the modern tables hold values. A client's values are brought into them before they are saved, so
 * that both sides can hold them. The rules are those of {@code crossfade.yaml}, and the modern tables check them.
 */
public final class NormalForm {

    private static final ZoneId LEGACY_ZONE = ZoneId.of("Europe/Berlin");

    private NormalForm() {}

    /** Returns an e-mail address without padding and in lower case. */
    public static String email(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /** Returns a name with single blanks between its parts, null if nothing is left. */
    public static @Nullable String name(@Nullable String text) {
        return text == null
                ? null
                : orNull(text.replaceAll("[ \\t\\r\\n]+", " ").replaceAll("^ | $", ""));
    }

    /** Returns the plus signs and digits of a phone number, null if there are none. */
    public static @Nullable String phone(@Nullable String text) {
        return text == null ? null : orNull(text.replaceAll("[^+0-9]", ""));
    }

    /** Returns an order's reference without padding and in upper case. */
    public static String reference(String text) {
        return text.strip().toUpperCase(Locale.ROOT);
    }

    /** Returns a note without blanks around it, null if nothing is left. */
    public static @Nullable String note(@Nullable String text) {
        return text == null ? null : orNull(text.replaceAll("^ +| +$", ""));
    }

    /** Returns an amount in cents, halves rounded away from zero. */
    public static BigDecimal amount(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP);
    }

    /**
     * Returns an instant in microseconds that the legacy side's local time can represent. In the hour that is repeated
     * when summer ends, it is the later one.
     */
    public static OffsetDateTime time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS)
                .atZone(LEGACY_ZONE)
                .withLaterOffsetAtOverlap()
                .toInstant()
                .atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
