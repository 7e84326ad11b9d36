package dev.crossfade.gate;

import static java.util.stream.Collectors.joining;

import dev.crossfade.control.Databases;
import dev.crossfade.flags.Gate;
import dev.crossfade.model.CrossfadeException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import dev.crossfade.time.Deadline;
import dev.crossfade.time.DurationText;
import dev.crossfade.time.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Requires that every replica of the side to which reads or the authority move has replayed the WAL that its server
 * had written when the gate was asked. It compares WAL positions, not lags: a stuck replica reports no lag, and a
 * stale one after it continues. A replica whose position is unknown, or that is configured but not connected, keeps
 * the gate closed.
 *
 * <p>It also guards the authority's way back, because the legacy side's replicas could lack writes that were made on
 * the modern side; it does not guard the way back of reads, which must be possible at once.
 */
final class ReplicasCaughtUp implements Gate {

    private static final Duration PAUSE = Duration.ofMillis(50);

    /**
     * The end of the WAL that an idle server's replicas reach. After a record that fills its page, the next insert
     * position is behind the next page's header of 24 or 40 bytes, which is sent only together with the next record.
     */
    private static final String WRITTEN = """
            select position - case when mod(position, block) in (24, 40) then mod(position, block) else 0 end
            from (select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as position,
                         cast(current_setting('wal_block_size') as numeric) as block) as log
            """;

    /** WAL receivers that replay nothing, base backups and logical subscribers are no replicas. */
    private static final String REPLICAS = """
            select coalesce(sender.application_name, '') as name, sender.state,
                   pg_wal_lsn_diff(sender.replay_lsn, '0/0') as position
            from pg_stat_replication as sender
            where coalesce(sender.application_name, '') not in ('pg_basebackup', 'pg_receivewal')
            and sender.state is distinct from 'backup'
            and not exists (select from pg_replication_slots as slot
                            where slot.active_pid = sender.pid and slot.slot_type = 'logical')
            order by name, sender.pid
            """;

    private final Databases databases;
    private final GateSettings.Replicas settings;

    ReplicasCaughtUp(Databases databases, GateSettings.Replicas settings) {
        this.databases = databases;
        this.settings = settings;
    }

    /**
     * A replica as its server sees it.
     *
     * @param state its replication state, null if the server does not say
     * @param position up to where it has replayed the WAL, null if the server does not say
     */
    private record Replica(
            String name, @Nullable String state, @Nullable Long position) {

        boolean hasReplayed(long written) {
            return position != null && position >= written;
        }

        String text(long written) {
            if (position == null) {
                return "%s (%s) reports no position".formatted(name, state == null ? "state unknown" : state);
            }
            return hasReplayed(written)
                    ? name + " has caught up"
                    : "%s (%s) is %s bytes behind".formatted(name, state, written - position);
        }
    }

    @Override
    public String name() {
        return "replicas caught up";
    }

    @Override
    public Verdict check(Step step) {
        boolean readsMove = step.isFromTo(Stage.SHADOW_READ, Stage.MODERN_READ);
        if (!readsMove && !step.movesAuthority()) {
            return new NotConcerned();
        }
        Side side = readsMove ? Side.MODERN : step.to().authority();
        Set<String> named =
                databases.areShared() ? settings.both() : side == Side.LEGACY ? settings.legacy() : settings.modern();
        DSLContext server = databases.dsl(side);
        String required = "every replica of the %s has replayed within %s what had been written%s"
                .formatted(
                        databases.areShared() ? "server" : side.label() + " server",
                        DurationText.of(settings.patience()),
                        named.isEmpty() ? "" : "; connected: " + String.join(", ", new TreeSet<>(named)));
        if (named.isEmpty() && replicas(server).isEmpty()) {
            // The WAL position is not read: servers that only speak PostgreSQL's protocol may have none.
            return new Open("no replicas", required);
        }
        Deadline deadline = Deadline.after(settings.patience());
        long written = server.fetchSingle(WRITTEN).get(0, Long.class);
        while (true) {
            Verdict verdict = judge(required, named, written, replicas(server));
            if (!verdict.isClosed() || deadline.isOver()) {
                return verdict;
            }
            Pause.of(PAUSE, e -> new CrossfadeException("Waiting for the replicas was interrupted.", e));
        }
    }

    private static Verdict judge(String required, Set<String> named, long written, List<Replica> replicas) {
        Set<String> missing = new TreeSet<>(named);
        replicas.forEach(replica -> missing.remove(replica.name()));
        List<String> seen = new ArrayList<>();
        missing.forEach(name -> seen.add(name + " is not connected"));
        replicas.forEach(replica -> seen.add(replica.text(written)));
        String all = seen.stream().collect(joining(", "));
        List<Replica> behind = replicas.stream()
                .filter(replica -> !replica.hasReplayed(written))
                .toList();
        return missing.isEmpty() && behind.isEmpty()
                ? new Open(all, required)
                : closed(
                        all,
                        required,
                        remedy(!missing.isEmpty(), behind),
                        missing.isEmpty() ? behind : List.of(),
                        written);
    }

    private static Closed closed(String all, String required, String remedy, List<Replica> behind, long written) {
        long bytes = behind.stream()
                .mapToLong(replica -> replica.position() == null ? 0 : written - replica.position())
                .max()
                .orElse(0);
        return bytes == 0
                ? Closed.meanwhile(all, required, remedy)
                : Closed.counting(all, required, remedy, bytes, "bytes");
    }

    private static String remedy(boolean missing, List<Replica> behind) {
        List<String> remedies = new ArrayList<>();
        if (missing) {
            remedies.add("Start the replicas that are missing, or take them off gate.replicas.");
        }
        if (behind.stream().anyMatch(replica -> replica.position() == null)) {
            remedies.add(
                    "A replica without a position is starting or stuck, or the user may not see it: GRANT pg_monitor TO that user.");
        }
        if (behind.stream().anyMatch(replica -> replica.position() != null)) {
            remedies.add("Wait for the replicas; see whether their replay is paused or held up by a query.");
        }
        return String.join(" ", remedies);
    }

    private static List<Replica> replicas(DSLContext server) {
        return server.fetch(REPLICAS).map(ReplicasCaughtUp::replica);
    }

    private static Replica replica(Record row) {
        return new Replica(
                row.get("name", String.class), row.get("state", String.class), row.get("position", Long.class));
    }
}
