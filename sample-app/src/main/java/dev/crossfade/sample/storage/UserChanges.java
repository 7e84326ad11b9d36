package dev.crossfade.sample.storage;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * New values, in normal form, for some columns of a user; what is null stays as it is. Applied by one UPDATE on whichever
 * side decides, whose returned keys are mirrored.
 *
 * @param fullName the new name
 * @param phone the new phone number
 * @param status the new status
 */
public record UserChanges(@Nullable String fullName, @Nullable String phone, @Nullable String status) {

    /** Tells whether everything stays as it is. */
    public boolean isEmpty() {
        return fullName == null && phone == null && status == null;
    }

    /** Changes a user; tells whether there is one. */
    public boolean apply(Repositories repositories, long id) {
        return repositories.users().write(legacy -> onLegacy(legacy, id), modern -> onModern(modern, id)) > 0;
    }

    private ResultQuery<?> onLegacy(DSLContext dsl, long id) {
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        if (fullName != null) {
            String[] names = fullName.split(" ", 2);
            values.put(field(name("first_name")), names[0]);
            values.put(field(name("last_name")), names.length > 1 ? names[1] : null);
        }
        if (phone != null) {
            values.put(field(name("phone")), phone);
        }
        if (status != null) {
            values.put(field(name("status")), code(status));
        }
        Field<Long> key = field(name("id"), Long.class);
        return dsl.update(table(name("legacy", "users"))).set(values).where(key.eq(id)).returning(key);
    }

    private ResultQuery<?> onModern(DSLContext dsl, long id) {
        Map<Field<?>, Object> values = new LinkedHashMap<>();
        if (fullName != null) {
            values.put(field(name("full_name")), fullName);
        }
        if (phone != null) {
            values.put(field(name("phone")), phone);
        }
        if (status != null) {
            values.put(field(name("status")), status);
        }
        Field<Long> key = field(name("account_id"), Long.class);
        return dsl.update(table(name("modern", "accounts"))).set(values).where(key.eq(id)).returning(key);
    }

    private static String code(String status) {
        return switch (status) {
            case "active" -> "A";
            case "blocked" -> "B";
            default -> "D";
        };
    }
}
