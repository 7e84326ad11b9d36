package com.example;

import static com.example.generated.legacy.tables.Users.USERS;
import static com.example.generated.modern.tables.Accounts.ACCOUNTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.generated.modern.enums.Mood;
import com.example.generated.repository.DualWriteEverythingRepository;
import com.example.generated.repository.DualWriteOrderLineRepository;
import com.example.generated.repository.DualWriteTransactionRepository;
import com.example.generated.repository.DualWriteUserRepository;
import com.example.generated.repository.Everything;
import com.example.generated.repository.EverythingRepository;
import com.example.generated.repository.LegacyEverythingRepository;
import com.example.generated.repository.LegacyOrderLineRepository;
import com.example.generated.repository.LegacyTransactionRepository;
import com.example.generated.repository.LegacyUserRepository;
import com.example.generated.repository.ModernEverythingRepository;
import com.example.generated.repository.ModernOrderLineRepository;
import com.example.generated.repository.ModernTransactionRepository;
import com.example.generated.repository.ModernUserRepository;
import com.example.generated.repository.OrderLine;
import com.example.generated.repository.OrderLineKey;
import com.example.generated.repository.OrderLineRepository;
import com.example.generated.repository.PlainEverythingRepository;
import com.example.generated.repository.PlainOrderLineRepository;
import com.example.generated.repository.PlainTransactionRepository;
import com.example.generated.repository.PlainUserRepository;
import com.example.generated.repository.Transaction;
import com.example.generated.repository.TransactionRepository;
import com.example.generated.repository.User;
import com.example.generated.repository.UserRepository;
import dev.crossfade.Crossfade;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.JSONB;

/** A service on the generated repositories; compiled together with them. */
public final class Scenario {

    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-03-29T01:30:00.123456Z");
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private Scenario() {}

    public static void legacyOnly(Crossfade crossfade) {
        users(new LegacyUserRepository(crossfade));
        users(new ModernUserRepository(crossfade));
        users(new DualWriteUserRepository(crossfade));
        orderLines(new LegacyOrderLineRepository(crossfade));
        orderLines(new ModernOrderLineRepository(crossfade));
        orderLines(new DualWriteOrderLineRepository(crossfade));
        everything(new LegacyEverythingRepository(crossfade));
        everything(new ModernEverythingRepository(crossfade));
        everything(new DualWriteEverythingRepository(crossfade));
        transactions(new LegacyTransactionRepository(crossfade));
        transactions(new ModernTransactionRepository(crossfade));
        transactions(new DualWriteTransactionRepository(crossfade));
        assertThat(new ModernUserRepository(crossfade).page(null, 10)).isEmpty();
    }

    public static void dualWrite(Crossfade crossfade) {
        DualWriteUserRepository users = new DualWriteUserRepository(crossfade);
        DualWriteOrderLineRepository lines = new DualWriteOrderLineRepository(crossfade);
        users(users);
        orderLines(lines);
        everything(new DualWriteEverythingRepository(crossfade));
        transactions(new DualWriteTransactionRepository(crossfade));

        User ada = new User(1L, "ada@example.org", "Ada Lovelace", TIME);
        OrderLine line = new OrderLine(7L, 1, "tea", new BigDecimal("2.50"));
        crossfade.transaction(transaction -> {
            users.in(transaction).save(ada);
            lines.in(transaction).save(line);
            return users.in(transaction).find(1L);
        });
        assertThat(new LegacyUserRepository(crossfade).find(1L)).contains(ada);
        assertThat(new ModernUserRepository(crossfade).find(1L)).contains(ada);
        assertThat(new ModernOrderLineRepository(crossfade).findByOrderIdAndSku(7L, "tea")).contains(line);

        int written = users.write(
                legacy -> legacy.update(USERS)
                        .set(USERS.LAST_NAME, "King")
                        .where(USERS.ID.eq(1L))
                        .returning(USERS.ID),
                modern -> modern.update(ACCOUNTS)
                        .set(ACCOUNTS.FULL_NAME, "Ada King")
                        .where(ACCOUNTS.ACCOUNT_ID.eq(1L))
                        .returning(ACCOUNTS.ACCOUNT_ID));
        assertThat(written).isEqualTo(1);
        assertThat(new ModernUserRepository(crossfade).findByEmail("ada@example.org"))
                .map(User::fullName)
                .contains("Ada King");
        List<User> read = users.read(legacy -> legacy.page(null, 5), modern -> List.of());
        assertThat(read).hasSize(1);

        Everything row = row("Zoë", new byte[] {1, 2}, "10.0.0.1");
        new DualWriteEverythingRepository(crossfade).save(row);
        assertThat(new ModernEverythingRepository(crossfade).find(ID)).contains(row);
    }

    public static void contracted(DSLContext modern) {
        users(new PlainUserRepository(modern));
        orderLines(new PlainOrderLineRepository(modern));
        everything(new PlainEverythingRepository(modern));
        transactions(new PlainTransactionRepository(modern));
    }

    private static void users(UserRepository users) {
        User ada = new User(1L, "ada@example.org", "Ada Lovelace", TIME);
        User bob = new User(2L, "bob@example.org", "Bob", TIME.plusNanos(1000));
        users.save(ada);
        users.saveAll(List.of(bob, new User(3L, "cyd@example.org", "Cyd \"No\" \\Name", TIME)));
        assertThat(users.find(1L)).contains(ada);
        assertThat(users.findByEmail("bob@example.org").map(User::accountId)).contains(2L);
        assertThat(users.findByEmail("nobody@example.org")).isEmpty();
        assertThat(users.findAll(List.of(1L, 3L, 9L))).hasSize(2);
        assertThat(users.page(null, 2)).extracting(User::accountId).containsExactly(1L, 2L);
        assertThat(users.page(2L, 2)).extracting(User::accountId).containsExactly(3L);
        assertThat(users.delete(1L)).isTrue();
        assertThat(users.delete(1L)).isFalse();
        assertThat(users.deleteAll(List.of(2L, 3L))).isEqualTo(2);
        assertThat(users.find(1L)).isEmpty();
    }

    private static void orderLines(OrderLineRepository lines) {
        OrderLine tea = new OrderLine(7L, 1, "tea", new BigDecimal("2.50"));
        OrderLine milk = new OrderLine(7L, 2, "milk", new BigDecimal("1.00"));
        lines.saveAll(List.of(milk, tea));
        assertThat(lines.find(new OrderLineKey(7L, 2))).contains(milk);
        assertThat(lines.findByOrderIdAndSku(7L, "tea")).contains(tea);
        assertThat(lines.page(new OrderLineKey(7L, 1), 5)).containsExactly(milk);
        assertThat(lines.deleteAll(List.of(new OrderLineKey(7L, 1), new OrderLineKey(7L, 2))))
                .isEqualTo(2);
    }

    private static void everything(EverythingRepository all) {
        Everything row = row("it's \"quoted\"", new byte[] {0, -1, 127}, "192.168.0.1");
        all.save(row);
        assertThat(all.find(ID)).contains(row);
        assertThat(all.find(ID).orElseThrow().hashCode()).isEqualTo(row.hashCode());
        assertThat(all.findByTenantAndUserName(3, "grüße")).contains(row);
        assertThat(all.findByHost("192.168.0.1")).contains(row);

        Everything empty = new Everything(
                ID, null, "", false, null, null, null, new Integer[0], null, null, null, null, null, null, null, null,
                null, null, null, null, 3);
        all.save(empty);
        assertThat(all.find(ID)).contains(empty);
        assertThat(all.delete(ID)).isTrue();
    }

    private static Everything row(String text, byte[] bytes, String host) {
        return new Everything(
                ID,
                text,
                "grüße",
                true,
                Mood._2fa,
                new Mood[] {Mood.so_so, Mood.class_, null},
                new String[] {"a,b", "{}", "null", null, "\\", "\""},
                new Integer[] {1, null, -3},
                JSONB.jsonb("{\"a\": [1, 2.50]}"),
                JSON.json("{ \"b\" : null }"),
                new BigDecimal("12345678901234567890.0123456789"),
                LocalDate.of(2024, 2, 29),
                TIME,
                LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_000),
                bytes,
                host,
                new String[] {host, null},
                (short) -5,
                1.0E-300,
                "hash",
                3);
    }

    private static void transactions(TransactionRepository transactions) {
        Transaction one = new Transaction(1, "a note", "value");
        transactions.save(one);
        assertThat(transactions.find(1)).contains(one);
        assertThat(transactions.findByValueLower("value")).contains(one);
        assertThat(transactions.page(null, 3)).containsExactly(one);
        assertThat(transactions.delete(1)).isTrue();
    }
}
