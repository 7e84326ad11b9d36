package dev.crossfade.capture;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.list;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.query;
import static org.jooq.impl.DSL.table;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.Relation;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.statement.StatementMark;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Name;
import org.jooq.Query;
import org.jooq.QueryPart;
import org.jooq.Select;

/**
 * Builds the statements that install capture on one table for one entity: a function, and a trigger for each kind of
 * statement. Triggers fire once per statement and read its transition tables, so a COPY or MERGE of many rows costs
 * one insertion.
 */
final class CaptureSql {

    private static final int LONGEST_NAME = 50;
    private static final Name OLD_ROWS = name("crossfade_old");
    private static final Name NEW_ROWS = name("crossfade_new");

    private final DSLContext renderer = Databases.renderer();
    private final String entity;
    private final String side;
    private final Relation relation;

    /** The statement after which a trigger fires, and the transition tables that it is given. */
    private enum Event {
        INSERT("new table as {3}"),
        UPDATE("old table as {2} new table as {3}"),
        DELETE("old table as {2}"),
        TRUNCATE("");

        private final String rows;

        Event(String rows) {
            this.rows = rows.isEmpty() ? "" : " referencing " + rows;
        }
    }

    /**
     * Creates the builder.
     *
     * @param side the side that the table belongs to, {@code BOTH} for columns in place
     */
    CaptureSql(String entity, String side, Relation relation) {
        this.entity = entity;
        this.side = side;
        this.relation = relation;
    }

    Relation relation() {
        return relation;
    }

    /** Returns the name of the function, which differs between entities that share a table. */
    String functionName() {
        return functionName(side, entity);
    }

    static String functionName(String side, String entity) {
        String whole = "capture_" + side.toLowerCase(Locale.ROOT) + "_" + entity;
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_NAME && entity.chars().allMatch(letter -> letter < 128)) {
            return whole;
        }
        return "capture_" + side.toLowerCase(Locale.ROOT) + "_" + hash(entity);
    }

    /** Returns the side that a function's name contains. */
    static String side(String functionName) {
        return functionName.split("_", 3)[1].toUpperCase(Locale.ROOT);
    }

    /** Returns how many triggers a table has for an entity. */
    static int triggers() {
        return Event.values().length;
    }

    /** Returns the function that the triggers call. */
    Query createFunction() {
        return query("""
                create or replace function {0}() returns trigger
                    language plpgsql security definer set search_path = pg_catalog, pg_temp as {1}""", function(), inline(body()));
    }

    /** Returns the statement that records which entity and side a function captures. */
    Query describeFunction() {
        return query("comment on function {0}() is {1}", function(), inline(entity));
    }

    /** Returns the statements that create the triggers, which fire in replicating sessions too. */
    List<Query> createTriggers() {
        return Arrays.stream(Event.values())
                .flatMap(event -> Stream.<Query>of(
                        query(
                                "create or replace trigger {0} after " + event.name() + " on {1}" + event.rows
                                        + " for each statement execute function {4}()",
                                trigger(event),
                                relation.qualifiedName(),
                                OLD_ROWS,
                                NEW_ROWS,
                                function()),
                        query("alter table {0} enable always trigger {1}", relation.qualifiedName(), trigger(event))))
                .toList();
    }

    /** Returns the statement that requests a sweep if there is a mirror already. */
    Query requestSweep() {
        return query("""
                insert into crossfade.sweep_request (entity, reason)
                select cast({0} as text), 'capture installed' where crossfade.captures({0}, {1})""", inline(entity), inline(side));
    }

    /**
     * Returns the function's body. If a key column was renamed since, rows cannot be told apart: then the function
     * requests a sweep, and the writer's statement succeeds.
     */
    String body() {
        StatementMark mark = StatementMark.of(entity);
        Select<?> removed = keys(OLD_ROWS);
        Select<?> added = keys(NEW_ROWS);
        return renderer.render(query(
                """

                begin
                    if pg_trigger_depth() = 1 and crossfade.sees_to_mirror(tg_relid, {0}, {1}) then
                        return null;
                    end if;
                    if not crossfade.captures({2}, {3}) then
                        return null;
                    end if;
                    if tg_op = 'TRUNCATE' then
                        insert into crossfade.sweep_request (entity, reason) values ({2}, 'truncated');
                        return null;
                    end if;
                    begin
                        if tg_op = 'INSERT' then
                            insert into crossfade.intent (entity, key) {4};
                        elsif tg_op = 'UPDATE' then
                            insert into crossfade.intent (entity, key) {5} union {4};
                        else
                            insert into crossfade.intent (entity, key) {5};
                        end if;
                    exception when undefined_column then
                        insert into crossfade.sweep_request (entity, reason)
                        values ({2}, 'the key columns have changed: install capture again');
                    end;
                    return null;
                end
                """, inline(mark.routes()), inline(mark.mirrors()), inline(entity), inline(side), added, removed));
    }

    private Select<?> keys(Name rows) {
        QueryPart key = query("array[{0}]", list(relation.keyTexts()));
        return renderer.selectDistinct(field("cast({0} as text)", String.class, inline(entity)), field("{0}", key))
                .from(table(rows).as(name(relation.table())));
    }

    private Name function() {
        return name("crossfade", functionName());
    }

    private Name trigger(Event event) {
        return name(functionName() + "_" + event.name().toLowerCase(Locale.ROOT));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new CrossfadeException("Every Java platform has SHA-256, but not this one.", e);
        }
    }
}
