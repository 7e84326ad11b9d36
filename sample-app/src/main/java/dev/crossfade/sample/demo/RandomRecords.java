package dev.crossfade.sample.demo;

import dev.crossfade.sample.db.repository.Order;
import dev.crossfade.sample.db.repository.User;
import dev.crossfade.sample.storage.NormalForm;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.jooq.JSONB;
import org.jspecify.annotations.Nullable;

/** Creates the records that one writer saves, in normal form, with unique values that belong to no other key. */
final class RandomRecords {

    private static final @Nullable String[] NAMES = {
        "Ada Lovelace",
        "Grace Hopper",
        "José Muñoz",
        "Zoe\u0308 Fre\u0300re",
        "דוד כהן",
        "محمد علي",
        "李 小龍",
        "👩‍🚀 Astronaut",
        "Ludwig von der Leyen",
        "Prince",
        "O'Neil \"Quote\" \\ {x}",
        "Nbsp\u00a0Inside Name",
        null
    };
    private static final @Nullable String[] PHONES = {"+49301234567", "00491711234567", "110", null};
    private static final String[] STATUSES = {"active", "blocked", "closed"};
    private static final String[] ORDER_STATUSES = {"open", "paid", "shipped", "cancelled"};
    // as PostgreSQL prints jsonb, so that texts can be compared
    private static final String[] PREFERENCES = {
        "{}",
        "{\"theme\": \"dark\"}",
        "{\"a\": 1.50, \"bb\": [1, null, \"x\"]}",
        "{\"emoji\": \"🚀\", \"quote\": \"\\\"\"}"
    };
    private static final String[] ITEMS = {"[]", "[{\"sku\": \"A-1\", \"price\": 9.90}]", "[\"ü\", {}, null]"};
    private static final @Nullable String[] NOTES = {"ring twice", "two\nlines", "بعد", null};
    private static final long FIRST_SECOND =
            Instant.parse("2001-01-01T00:00:00Z").getEpochSecond();
    private static final int SECONDS = 780_000_000;

    private final Random random;
    private final int writer;
    private long made;

    RandomRecords(Random random, int writer) {
        this.random = random;
        this.writer = writer;
    }

    User user(long id) {
        return new User(
                id,
                "u%d.w%d.n%d@example.org".formatted(id, writer, ++made),
                any(NAMES),
                any(PHONES),
                status(),
                JSONB.valueOf(one(PREFERENCES)),
                random.nextInt(4) == 0 ? null : time(),
                time());
    }

    Order order(long id) {
        return new Order(
                id,
                Group.ofOrder(id).customer(),
                "R%d/%d/%d".formatted(id, writer, ++made),
                one(ORDER_STATUSES),
                BigDecimal.valueOf(random.nextInt(10_000_000), 2),
                JSONB.valueOf(one(ITEMS)),
                any(NOTES),
                time());
    }

    String status() {
        return one(STATUSES);
    }

    String phone() {
        return "+49" + random.nextInt(1_000_000_000);
    }

    private OffsetDateTime time() {
        return NormalForm.time(
                Instant.ofEpochSecond(FIRST_SECOND + random.nextInt(SECONDS), 1000L * random.nextInt(1_000_000)));
    }

    private String one(String[] values) {
        return values[random.nextInt(values.length)];
    }

    private @Nullable String any(@Nullable String[] values) {
        return values[random.nextInt(values.length)];
    }
}
