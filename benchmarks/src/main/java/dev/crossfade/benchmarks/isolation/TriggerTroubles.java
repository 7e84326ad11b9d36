package dev.crossfade.benchmarks.isolation;

import dev.crossfade.benchmarks.accounts.AccountTables;
import dev.crossfade.benchmarks.harness.Server;
import java.sql.SQLException;
import java.util.List;

/**
 * Trouble for a mirror in the same database: a trigger on its tables, whose function is replaced. The trigger exists
 * from the start, so that starting and ending trouble needs no lock on the tables.
 */
final class TriggerTroubles implements Troublemaker {

    private static final String NONE = "null";

    private final Server server;

    TriggerTroubles(Server server, List<AccountTables> mirrors) throws SQLException {
        this.server = server;
        become(NONE);
        for (AccountTables tables : mirrors) {
            server.execute("""
                    create trigger trouble before insert on modern.accounts_%s
                    for each statement execute function modern.trouble();
                    """.formatted(tables.name()));
        }
    }

    @Override
    public void begin(Trouble trouble) throws SQLException {
        become(
                switch (trouble) {
                    case SLOW -> "perform pg_sleep(%d / 1000.0)".formatted(Trouble.SLOW_MILLIS);
                    case HUNG -> "perform pg_sleep(3600)";
                    case REFUSING -> "raise insufficient_privilege";
                    default -> throw new IllegalArgumentException("A trigger cannot make this trouble: " + trouble);
                });
    }

    /**
     * Ends it repeatedly: a statement that read the old function just before the replacement may start to sleep after
     * the others woke up.
     */
    @Override
    public void end() throws SQLException {
        become(NONE);
        server.execute("""
                do $$
                declare
                    asleep bigint := 1;
                begin
                    while asleep > 0 loop
                        perform pg_stat_clear_snapshot();
                        select count(*) filter (where pg_cancel_backend(pid)) into asleep from pg_stat_activity
                        where wait_event = 'PgSleep' and pid <> pg_backend_pid();
                        perform pg_sleep(0.02);
                    end loop;
                end
                $$
                """);
    }

    private void become(String statement) throws SQLException {
        server.execute("""
                create or replace function modern.trouble() returns trigger language plpgsql as $$
                begin
                    %s;
                    return null;
                end
                $$
                """.formatted(statement));
    }
}
