package com.example.generated.repository;

import com.example.generated.modern.tables.Accounts;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.routing.EntityType;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Tells the routing layer how {@link User} is stored. */
final class UserType implements EntityType<User, Long> {

    private static final Accounts TABLE = Accounts.ACCOUNTS;

    private static final List<Field<?>> FIELDS = List.of(
            TABLE.ACCOUNT_ID,
            TABLE.EMAIL,
            TABLE.FULL_NAME,
            TABLE.EMAIL_VERIFIED_AT);

    private static final TableMapping MAPPING = TableMapping.table("user")
            .legacy("legacy", "users")
            .modern("modern", "accounts")
            .key(new Column("id", "bigint"), new Column("account_id", "bigint"))
            .project(new Column("email", "text"), "lower(email)")
            .project(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)")
            .project(new Column("email_verified_at", "timestamp with time zone"), "created_at")
            .restore(new Column("email", "text"), "email")
            .restore(new Column("first_name", "character varying(80)"), "split_part(full_name, ' ', 1)")
            .restore(new Column("last_name", "character varying(80)"), """
                    case when full_name like '% %' and full_name <> ' "\\" '
                         then substr(full_name, position(' ' in full_name) + 1)
                         else ''
                    end\
                    """)
            .restore(new Column("created_at", "timestamp with time zone"), "email_verified_at")
            .build();

    @Override
    public TableMapping mapping() {
        return MAPPING;
    }

    @Override
    public List<Field<?>> fields() {
        return FIELDS;
    }

    @Override
    public User fromRow(Record row) {
        return new User((Long) row.get(0), (String) row.get(1), (String) row.get(2), (OffsetDateTime) row.get(3));
    }

    @Override
    public List<@Nullable Object> values(User entity) {
        return Arrays.asList(entity.accountId(), entity.email(), entity.fullName(), entity.emailVerifiedAt());
    }

    @Override
    public List<Object> keyValues(Long key) {
        return List.of(key);
    }

    @Override
    public Long key(User entity) {
        return entity.accountId();
    }
}
