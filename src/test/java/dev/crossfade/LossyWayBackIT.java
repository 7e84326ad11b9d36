package dev.crossfade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.Gate;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.RefusedException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.queue.LossyKeys;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import dev.crossfade.testing.AnyEntity;
import dev.crossfade.testing.AnyEntity.Row;
import dev.crossfade.testing.AnyEntity.Rows;
import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * While modern decides, the rows that the legacy side cannot give back are known, and a step back does not lose them
 * silently.
 */
class LossyWayBackIT {

    private static final String LEGACY = """
            create schema old;
            create table old.address (id integer primary key, street text not null);
            insert into old.address values (1, 'Old Street'), (2, 'Mill Lane');
            create table old.customer (id integer primary key, name text, address_id integer, worked interval);
            """;

    private static final String MODERN = """
            create schema new;
            create table new.customer (
                id bigint primary key, name text, address_id integer, street text, worked interval);
            """;

    /** The street comes from another table, whatever the modern row says; names lose their third part. */
    private static final TableMapping MAPPING = TableMapping.table("customer")
            .legacy("old", "customer")
            .modern("new", "customer")
            .key(new Column("id", "integer"), new Column("id", "bigint"))
            .project(new Column("name", "text"), "name")
            .project(new Column("address_id", "integer"), "address_id")
            .project(
                    new Column("street", "text"),
                    "(select d.street from old.address d where d.id = customer.address_id)")
            .project(new Column("worked", "interval"), "justify_hours(worked)")
            .restore(new Column("name", "text"), "name")
            .restore(new Column("address_id", "integer"), "address_id")
            .restore(new Column("worked", "interval"), "worked")
            .build();

    @ParameterizedTest
    @EnumSource(Topology.class)
    void aCommittedChangeThatTheLegacySideCannotHoldKeepsTheAuthorityWhereItIs(Topology topology) {
        try (AnyEntity customers = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = customers.at(Stage.DUAL_WRITE);
            rows.saveAll(List.of(customer("1", "1", "Old Street"), customer("2", "2", "Mill Lane")));
            customers.drain();
            customers.moveTo(Stage.MODERN_PRIMARY);
            assertThat(lossy(customers)).isEmpty();

            // Bypassing the service, as capture notes it.
            customers.of(Side.MODERN).execute("""
                    update new.customer set street = 'New Street' where id = 1;
                    insert into crossfade.intent (entity, key) values ('customer', '{1}');
                    """);
            customers.drain();

            assertThat(lossy(customers)).containsExactly("[1] [street]");
            assertThatThrownBy(() -> customers.crossfade().stages().change(customers.request(Stage.MODERN_READ, false)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("Gate 'way back lossless' is closed for customer: 1 keys: 1 (street)")
                    .hasMessageContaining("`crossfade lossy customer`");

            rows.save(customer("1", "2", "Mill Lane"));
            customers.drain();
            assertThat(lossy(customers)).isEmpty();
            customers.crossfade().stages().change(customers.request(Stage.MODERN_READ, false));
            assertThat(customers.crossfade().stages().standing("customer").stage())
                    .isEqualTo(Stage.MODERN_READ);
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void everyWayToWriteTheMirrorNotesWhatItCannotHold(Topology topology) {
        try (AnyEntity customers = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);

            rows.save(customer("1", "1", "One"));
            rows.saveAll(
                    List.of(customer("2", "1", "Two"), customer("3", "1", "Old Street"), customer("4", "9", "Four")));
            customers.crossfade().transaction(tx -> {
                rows.in(tx).save(customer("5", "2", "Five"));
                rows.in(tx).saveAll(List.of(customer("6", "2", "Six"), customer("7", "2", "Mill Lane")));
                return null;
            });
            rename(rows, 3, "Three");
            customers.drain();
            assertThat(lossy(customers))
                    .containsExactly(
                            "[1] [street]",
                            "[2] [street]",
                            "[3] [street]",
                            "[4] [street]",
                            "[5] [street]",
                            "[6] [street]");

            rows.save(customer("1", "1", "Old Street"));
            rows.delete("2");
            rename(rows, 3, "Old Street");
            customers.crossfade().transaction(tx -> {
                rows.in(tx).delete("5");
                rows.in(tx).saveAll(List.of(customer("4", "2", "Mill Lane"), customer("6", "2", "Mill Lane")));
                return null;
            });
            customers.drain();
            assertThat(lossy(customers)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topology.class)
    void anEqualValueOfAnotherSpellingIsNoLoss(Topology topology) {
        try (AnyEntity customers = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);

            rows.save(Row.of("1", "Ann", "1", "Old Street", "26:30:00"));
            rows.save(Row.of("2", null, null, null, null));
            customers.drain();

            assertThat(lossy(customers)).isEmpty();
        }
    }

    /** With one statement for both sides, whose snapshot is from before its wait for another writer of the key. */
    @Test
    void aStatementForBothSidesNotesToo() {
        TableMapping noLookup = TableMapping.table("customer")
                .legacy("old", "customer")
                .modern("new", "customer")
                .key(new Column("id", "integer"), new Column("id", "bigint"))
                .project(new Column("name", "text"), "upper(name)")
                .restore(new Column("name", "text"), "name")
                .build();
        try (AnyEntity customers = new AnyEntity(Topology.ONE_DATABASE, LEGACY, MODERN, noLookup)) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);

            rows.save(Row.of("1", "Ann"));
            rows.saveAll(List.of(Row.of("2", "BOB"), Row.of("3", "Cy")));
            assertThat(lossy(customers)).containsExactly("[1] [name]", "[3] [name]");

            rows.save(Row.of("1", "ANN"));
            rows.saveAll(List.of(Row.of("2", "Bob"), Row.of("3", "CY")));
            assertThat(lossy(customers)).containsExactly("[2] [name]");
        }
    }

    /** Its snapshot is older than the note of the writer that it waits for. */
    @Test
    void aStatementThatHasWaitedForALossyWriterSeesItsNote() throws Exception {
        TableMapping noLookup = TableMapping.table("customer")
                .legacy("old", "customer")
                .modern("new", "customer")
                .key(new Column("id", "integer"), new Column("id", "bigint"))
                .project(new Column("name", "text"), "upper(name)")
                .restore(new Column("name", "text"), "name")
                .build();
        try (AnyEntity customers = new AnyEntity(
                Topology.ONE_DATABASE,
                LEGACY,
                MODERN,
                noLookup,
                settings -> settings.withMirrorBudget(Duration.ofSeconds(30)))) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);
            CompletableFuture<Void> waiting = customers.crossfade().transaction(tx -> {
                rows.in(tx).save(Row.of("1", "Ann"));
                CompletableFuture<Void> other =
                        CompletableFuture.runAsync(() -> rows.save(Row.of("1", "ANN")), OwnThread.EACH);
                Awaitility.await()
                        .until(() -> customers
                                .of(Side.MODERN)
                                .dsl()
                                .fetchExists(DSL.selectOne()
                                        .from("pg_stat_activity")
                                        .where("datname = current_database() and wait_event_type = 'Lock'")));
                return other;
            });
            waiting.get(30, TimeUnit.SECONDS);

            assertThat(lossy(customers)).isEmpty();
        }
    }

    @Test
    void columnsInPlaceAreLookedAtToo() {
        TableMapping inPlace = TableMapping.columns("customer")
                .legacy("old", "customer")
                .key(new Column("id", "integer"), new Column("id", "integer"))
                .project(new Column("full_name", "text"), "initcap(name)")
                .restore(new Column("name", "text"), "lower(full_name)")
                .build();
        try (AnyEntity customers = new AnyEntity(
                Topology.ONE_DATABASE, LEGACY + "alter table old.customer add full_name text;", MODERN, inPlace)) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);

            rows.save(Row.of("1", "Ann Day"));
            rows.saveAll(List.of(Row.of("2", "bob"), Row.of("3", "McCoy")));
            customers.drain();
            assertThat(lossy(customers)).containsExactly("[2] [full_name]", "[3] [full_name]");

            rows.delete("2");
            rows.save(Row.of("3", "Mccoy"));
            customers.drain();
            assertThat(lossy(customers)).isEmpty();
        }
    }

    /** A row is written after the gate was asked and before the flip blocks writers. */
    @ParameterizedTest
    @EnumSource(Topology.class)
    void aFlipBackDoesNotPassOverAKeyThatWasWrittenBesideIt(Topology topology) {
        try (AnyEntity customers = new AnyEntity(topology, LEGACY, MODERN, MAPPING)) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);
            Gate writing = new Gate() {
                @Override
                public String name() {
                    return "a writer beside the flip";
                }

                @Override
                public Verdict check(Step step) {
                    rows.save(customer("1", "1", "New Street"));
                    return new Open("a row", "nothing");
                }
            };

            assertThatThrownBy(() -> changer(customers, writing).change(customers.request(Stage.MODERN_READ, false)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("cannot go back: the modern rows of 1 keys");

            assertThat(customers.crossfade().stages().standing("customer").stage())
                    .isEqualTo(Stage.MODERN_PRIMARY);
            rows.save(customer("2", "2", "Mill Lane"));
            assertThat(rows.find("1").orElseThrow().values().get(3)).isEqualTo("New Street");
        }
    }

    @Test
    void whoForcesTheStepAcceptsTheLossAndTheNextTimeBeginsAnew() {
        try (AnyEntity customers = new AnyEntity(Topology.ONE_DATABASE, LEGACY, MODERN, MAPPING)) {
            Rows rows = customers.at(Stage.MODERN_PRIMARY);
            rows.save(customer("1", "1", "New Street"));

            customers.moveTo(Stage.MODERN_READ);
            assertThat(lossy(customers)).as("what was lost can still be seen").containsExactly("[1] [street]");
            customers.moveTo(Stage.MODERN_PRIMARY);

            assertThat(lossy(customers)).isEmpty();
            assertThatCode(() -> customers.crossfade().stages().change(customers.request(Stage.MODERN_READ, false)))
                    .doesNotThrowAnyException();
        }
    }

    private static StageChanger changer(AnyEntity customers, Gate gate) {
        Drain drain = new Drain(customers.databases(), new Reconciler(customers.databases(), ReconcileListener.NONE));
        return new StageChanger(
                customers.databases(),
                List.of(gate),
                new AuthorityFlip(customers.databases(), drain, entity -> Optional.of(MAPPING), Duration.ofSeconds(20)),
                GateListener.NONE);
    }

    private static void rename(Rows rows, long id, String street) {
        Table<Record> table = DSL.table(DSL.name("new", "customer"));
        rows.write(
                legacy -> {
                    throw new IllegalStateException("modern decides");
                },
                modern -> modern.update(table)
                        .set(DSL.field(DSL.name("street"), String.class), street)
                        .where(DSL.field(DSL.name("id"), Long.class).eq(id))
                        .returning(DSL.field(DSL.name("id"), Long.class)));
    }

    private static List<String> lossy(AnyEntity customers) {
        return LossyKeys.list(customers.databases().controlDsl(), Optional.of("customer"), 100).stream()
                .map(one -> one.key() + " " + one.columns())
                .toList();
    }

    private static Row customer(String id, String address, String street) {
        return Row.of(id, "Ann", address, street, null);
    }
}
