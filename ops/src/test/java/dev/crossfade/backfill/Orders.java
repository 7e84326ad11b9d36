package dev.crossfade.backfill;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.ControlSchema;
import dev.crossfade.control.Databases;
import dev.crossfade.flags.AuthorityFlip;
import dev.crossfade.flags.GateListener;
import dev.crossfade.flags.StageChanger;
import dev.crossfade.flags.StageChanger.Request;
import dev.crossfade.flags.StageLog.Author;
import dev.crossfade.mapping.Column;
import dev.crossfade.mapping.TableMapping;
import dev.crossfade.model.Stage;
import dev.crossfade.reconcile.Drain;
import dev.crossfade.reconcile.ReconcileListener;
import dev.crossfade.reconcile.Reconciler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Mappings of tables that no service of these tests writes: a composite key in mixed case, and columns in place. */
public final class Orders {

    /** Lines of orders, with a composite key, quoted names and a column called like a keyword. */
    public static final TableMapping LINES = TableMapping.table("line")
            .legacy("legacy", "Order Lines")
            .modern("modern", "order_line")
            .key(new Column("Region", "text"), new Column("region", "text"))
            .key(new Column("No", "integer"), new Column("no", "bigint"))
            .project(new Column("order", "text"), "btrim(\"Order\")")
            .restore(new Column("Order", "text"), "\"order\"")
            .build();

    public static final String LEGACY_LINES = """
            create schema if not exists legacy;
            create table legacy."Order Lines" ("Region" text, "No" integer, "Order" text, primary key ("Region", "No"));
            """;

    public static final String MODERN_LINES = """
            create schema if not exists modern;
            create table modern.order_line (region text, no bigint, "order" text, primary key (region, no));
            """;

    /** Names that are joined in a new column of the same table. */
    public static final TableMapping NAMES = TableMapping.columns("name")
            .legacy("legacy", "names")
            .key(new Column("id", "integer"), new Column("id", "integer"))
            .project(new Column("full_name", "text"), "concat_ws(' ', first_name, last_name)")
            .restore(new Column("first_name", "text"), "split_part(full_name, ' ', 1)")
            .restore(new Column("last_name", "text"), "nullif(split_part(full_name, ' ', 2), '')")
            .build();

    public static final String NAMES_TABLE = """
            create schema if not exists legacy;
            create table legacy.names (id integer primary key, first_name text, last_name text, full_name text);
            """;

    private Orders() {}

    /** Registers an entity and moves it to a stage past all gates, as if its services had followed. */
    public static void moveTo(Databases databases, TableMapping mapping, Stage stage) {
        ControlSchema.install(databases);
        AuthorityTable.register(databases.controlDsl(), mapping.entity());
        Drain drain = new Drain(databases, new Reconciler(databases, ReconcileListener.NONE));
        StageChanger changer = new StageChanger(
                databases,
                List.of(),
                new AuthorityFlip(databases, drain, entity -> Optional.of(mapping), Duration.ofSeconds(10)),
                GateListener.NONE);
        for (Stage present = changer.standing(mapping.entity()).stage(); present != stage; ) {
            present = (present.compareTo(stage) < 0 ? present.next() : present.previous()).orElseThrow();
            changer.change(new Request(List.of(mapping.entity()), present, new Author("test", null), false));
        }
    }
}
