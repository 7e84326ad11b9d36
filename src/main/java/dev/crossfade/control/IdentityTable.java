package dev.crossfade.control;

import org.jooq.DSLContext;

/**
 * The tables {@code crossfade.identity} and {@code crossfade.witness} of one database: who its server was when the
 * schema was made or last accepted, and what it remembers of the other side's database.
 */
final class IdentityTable {

    /** Reads who a database is now, whether that was accepted, and what it remembers of the other one. */
    static final String READ = """
            select coalesce(cast(i.token as text), ''), s.system_identifier, s.timeline, s.log_position, coalesce(i.beat, -1),
                   coalesce(i.system_identifier = s.system_identifier and i.timeline = s.timeline, false),
                   w.token, w.system_identifier, w.timeline, w.position, w.beat
            from crossfade.server_identity() s
            left join crossfade.identity i on true
            left join crossfade.witness w on true
            """;

    private IdentityTable() {}

    /** Records who the server is, if nothing does yet. */
    static void begin(DSLContext database) {
        database.execute("""
                insert into crossfade.identity (system_identifier, timeline)
                select s.system_identifier, s.timeline from crossfade.server_identity() s
                on conflict do nothing
                """);
    }

    /** Marks this moment, so that a database which is restored to an earlier one is noticed. */
    static void beat(DSLContext database) {
        database.execute("update crossfade.identity set beat = beat + 1");
    }

    /** Remembers the other side's database, never an older look after a newer one. */
    static void remember(DSLContext database, DatabaseIdentity other) {
        database.execute("""
                insert into crossfade.witness (token, system_identifier, timeline, position, beat)
                values (?, ?, ?, ?, ?)
                on conflict (only_row) do update
                set token = excluded.token, system_identifier = excluded.system_identifier, timeline = excluded.timeline,
                    position = excluded.position, beat = excluded.beat, seen_at = now()
                where witness.position <= excluded.position and witness.beat <= excluded.beat
                """, other.token(), other.system(), other.timeline(), other.position(), other.beat());
    }

    /** Takes the server for what it is now, and forgets what was remembered of the other one. */
    static void accept(DSLContext database) {
        database.execute("""
                update crossfade.identity i
                set system_identifier = s.system_identifier, timeline = s.timeline, beat = i.beat + 1
                from crossfade.server_identity() s
                """);
        database.execute("delete from crossfade.witness");
    }
}
