package dev.crossfade.sample.storage;

import static dev.crossfade.sample.db.legacy.Tables.USERS;
import static dev.crossfade.sample.db.modern.Tables.ACCOUNTS;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * New values, in normal form, for some columns of a user; null leaves a column unchanged. They are applied by one
 * UPDATE on the authoritative side, whose returned keys are mirrored.
 *
 * @param fullName the new name
 * @param phone the new phone number
 * @param status the new status
 */
public record UserChanges(
        @Nullable String fullName,
        @Nullable String phone,
        @Nullable String status) {

    /** Tells whether nothing changes. */
    public boolean isEmpty() {
        return fullName == null && phone == null && status == null;
    }

    /** Changes a user; tells whether it exists. */
    public boolean apply(Repositories repositories, long id) {
        return repositories.users().write(legacy -> onLegacy(legacy, id), modern -> onModern(modern, id)) > 0;
    }

    private ResultQuery<?> onLegacy(DSLContext dsl, long id) {
        Map<Field<?>, @Nullable Object> values = new LinkedHashMap<>();
        if (fullName != null) {
            String[] names = fullName.split(" ", 2);
            values.put(USERS.FIRST_NAME, names[0]);
            values.put(USERS.LAST_NAME, names.length > 1 ? names[1] : null);
        }
        if (phone != null) {
            values.put(USERS.PHONE, phone);
        }
        if (status != null) {
            values.put(USERS.STATUS, code(status));
        }
        return dsl.update(USERS).set(values).where(USERS.ID.eq(id)).returning(USERS.ID);
    }

    private ResultQuery<?> onModern(DSLContext dsl, long id) {
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        if (fullName != null) {
            values.put(ACCOUNTS.FULL_NAME, fullName);
        }
        if (phone != null) {
            values.put(ACCOUNTS.PHONE, phone);
        }
        if (status != null) {
            values.put(ACCOUNTS.STATUS, status);
        }
        return dsl.update(ACCOUNTS)
                .set(values)
                .where(ACCOUNTS.ACCOUNT_ID.eq(id))
                .returning(ACCOUNTS.ACCOUNT_ID);
    }

    private static String code(String status) {
        return switch (status) {
            case "active" -> "A";
            case "blocked" -> "B";
            default -> "D";
        };
    }
}
