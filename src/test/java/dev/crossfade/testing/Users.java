package dev.crossfade.testing;

import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Side;
import dev.crossfade.routing.DualWriteRepository;
import dev.crossfade.routing.EntityType;
import dev.crossfade.routing.PlainRepository;
import dev.crossfade.routing.Repository;
import dev.crossfade.routing.Router;
import dev.crossfade.routing.SideRepository;
import dev.crossfade.routing.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** An entity as the code generator would write it, small enough to see through. */
public final class Users {

    /** The mapping: e-mails are normalised, names joined; a name of three parts restores to two. */
    public static final TableMapping MAPPING = TableMapping.table("user")
            .legacy("legacy", "users")
            .modern("modern", "accounts")
            .key(new Column("id", "integer"), new Column("account_id", "bigint"))
            .project(new Column("email", "text"), "lower(btrim(email))")
            .project(new Column("full_name", "character varying(40)"), "concat_ws(' ', first_name, last_name)")
            .restore(new Column("email", "text"), "email")
            .restore(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
            .restore(
                    new Column("last_name", "text"),
                    "nullif(substr(full_name, length(split_part(full_name, ' ', 1)) + 2), '')")
            .build();

    /** The legacy table. */
    public static final String LEGACY_DDL = """
            create schema legacy;
            create table legacy.users (
                id integer primary key, email text, first_name text, last_name text, logins integer not null default 0);
            """;

    /** The modern table; names are at most 40 characters long, and addresses are unique. */
    public static final String MODERN_DDL = """
            create schema modern;
            create table modern.accounts (
                account_id bigint primary key, email text unique, full_name varchar(40) not null);
            """;

    private Users() {}

    /** Changes a user's name through a statement of the service's own; returns how many were changed. */
    public static int rename(DualWriteUsers users, long id, String name) {
        int space = name.indexOf(' ');
        String first = space < 0 ? name : name.substring(0, space);
        String last = space < 0 ? null : name.substring(space + 1);
        return users.write(
                legacy -> legacy.update(DSL.table(DSL.name("legacy", "users")))
                        .set(DSL.field(DSL.name("first_name"), String.class), first)
                        .set(DSL.field(DSL.name("last_name"), String.class), last)
                        .where(DSL.field(DSL.name("id"), Integer.class).eq((int) id))
                        .returning(DSL.field(DSL.name("id"), Integer.class)),
                modern -> modern.update(DSL.table(DSL.name("modern", "accounts")))
                        .set(DSL.field(DSL.name("full_name"), String.class), name)
                        .where(DSL.field(DSL.name("account_id"), Long.class).eq(id))
                        .returning(DSL.field(DSL.name("account_id"), Long.class)));
    }

    public record User(long id, @Nullable String email, String name) {}

    enum Type implements EntityType<User, Long> {
        INSTANCE;

        private static final Field<Long> ID = DSL.field(DSL.name("account_id"), Long.class);
        private static final Field<String> EMAIL = DSL.field(DSL.name("email"), String.class);
        private static final Field<String> NAME = DSL.field(DSL.name("full_name"), String.class);

        @Override
        public TableMapping mapping() {
            return MAPPING;
        }

        @Override
        public List<Field<?>> fields() {
            return List.of(ID, EMAIL, NAME);
        }

        @Override
        public User fromRow(Record row) {
            return new User(row.get(0, Long.class), row.get(1, String.class), row.get(2, String.class));
        }

        @Override
        public List<@Nullable Object> values(User user) {
            return Arrays.asList(user.id(), user.email(), user.name());
        }

        @Override
        public List<Object> keyValues(Long key) {
            return List.of(key);
        }

        @Override
        public Long key(User user) {
            return user.id();
        }
    }

    /** What both sides can do. */
    public interface UserRepository extends Repository<User, Long> {
        Optional<User> findByEmail(String email);

        @Override
        UserRepository in(Transaction transaction);
    }

    /** One side. */
    public static final class SideUsers extends SideRepository<User, Long> implements UserRepository {
        public SideUsers(Router router, Side side) {
            super(router, Type.INSTANCE, side);
        }

        private SideUsers(SideUsers from, Transaction transaction) {
            super(from, transaction);
        }

        @Override
        public Optional<User> findByEmail(String email) {
            return findUnique(List.of("email"), email);
        }

        @Override
        public SideUsers in(Transaction transaction) {
            return new SideUsers(this, transaction);
        }
    }

    /** Both sides, routed. */
    public static final class DualWriteUsers extends DualWriteRepository<User, Long, UserRepository>
            implements UserRepository {
        public DualWriteUsers(Router router) {
            super(router, Type.INSTANCE, new SideUsers(router, Side.LEGACY), new SideUsers(router, Side.MODERN));
        }

        private DualWriteUsers(DualWriteUsers from, Transaction transaction) {
            super(
                    from,
                    transaction,
                    from.legacy().in(transaction),
                    from.modern().in(transaction));
        }

        @Override
        public Optional<User> findByEmail(String email) {
            return read(side -> side.findByEmail(email));
        }

        @Override
        public DualWriteUsers in(Transaction transaction) {
            return new DualWriteUsers(this, transaction);
        }
    }

    /** The modern side of an entity that is contracted. */
    public static final class PlainUsers extends PlainRepository<User, Long> implements UserRepository {
        public PlainUsers(DSLContext modern) {
            super(modern, Type.INSTANCE);
        }

        private PlainUsers(PlainUsers from, Transaction transaction) {
            super(from, transaction);
        }

        @Override
        public Optional<User> findByEmail(String email) {
            return findUnique(List.of("email"), email);
        }

        @Override
        public PlainUsers in(Transaction transaction) {
            return new PlainUsers(this, transaction);
        }
    }
}
