package dev.crossfade.reconcile;

import static dev.crossfade.sql.TextStatement.arrays;

import dev.crossfade.control.Databases;
import dev.crossfade.control.StandingHold;
import dev.crossfade.mapping.ByteLimit;
import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.MirrorRecords;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.MirrorWrite.Fitting;
import dev.crossfade.reconcile.MirrorWrite.Refusals;
import dev.crossfade.reconcile.MirrorWrite.Together;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.ServerEncoding;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.RowBinding;
import dev.crossfade.statement.RowSizes;
import dev.crossfade.statement.WayBackSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The transfer between two databases. Advisory locks in the control database, and in the mirror's transaction if that
 * is elsewhere, serialise the appliers of a key. Under the lock, in later statements, it checks the intents, reads
 * the authoritative rows, writes and commits the mirror with a {@linkplain MirrorRecords record} of its snapshot, and
 * only then deletes the intents; after a crash in between the work is repeated.
 */
final class SeparateTransfer implements Transfer {

    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(15);

    /** One session is idle while the other one works. No writer waits for it, but a change of stages does. */
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(2), STATEMENT_TIMEOUT, STATEMENT_TIMEOUT.plusSeconds(5));

    /** Sorted, so that two appliers never deadlock; try-locks, so that none waits at all. */
    private static final TextStatement LOCK_KEYS = new TextStatement("""
            select k.place from (
                select place, hashtextextended(text, 0) as hash
                from unnest(cast(? as text[])) with ordinality as keys (text, place)
                order by hash
            ) as k
            where pg_try_advisory_xact_lock(k.hash)
            """);

    /** So few rows are always read, whatever their size. */
    private static final int FEW = 2;

    private static final Copied NOTHING = new Copied(new Result(List.of(), Map.of(), List.of()), List.of());

    private final Databases databases;
    private final Side authority;
    private final String entity;
    private final Duration patience;
    private final int keyWidth;
    private final int rowWidth;
    private final TextStatement readProjected;
    private final RowSizes sizes;
    private final long mostBytes = ByteLimit.ofBatch();
    /** The largest row read so far, in characters; initially the limit of a batch. */
    private final AtomicLong largest = new AtomicLong(mostBytes);

    private final AtomicLong rowsRead = new AtomicLong();
    private final MirrorWrite writeTarget;
    private final MirrorWrite deleteTarget;

    SeparateTransfer(Databases databases, Projection projection) {
        this(databases, projection, STATEMENT_TIMEOUT);
    }

    /**
     * Creates a transfer.
     *
     * @param patience how long to search for refused rows
     */
    SeparateTransfer(Databases databases, Projection projection, Duration patience) {
        this.databases = databases;
        this.patience = patience;
        this.authority = projection.authority();
        this.entity = projection.mapping().entity();
        this.keyWidth = projection.source().key().size();
        ProjectionSql sql = new ProjectionSql(projection);
        this.sizes = new RowSizes(projection.source());
        ProjectionSql traced = new ProjectionSql(projection, RowBinding.TRACED);
        Refusals refusals = Refusals.ofWritesTo(projection.target());
        Optional<Together> together = Together.of(projection, false);
        if (WayBackSql.isNeeded(projection)) {
            WayBackSql wayBack = new WayBackSql(projection, RowBinding.MANY);
            WayBackSql tracedWayBack = new WayBackSql(projection, RowBinding.TRACED);
            this.rowWidth = wayBack.rowWidth();
            this.readProjected = wayBack.readProjected().withSnapshot();
            this.writeTarget = new MirrorWrite(
                    wayBack.writeTarget(), tracedWayBack.writeTarget(), fitting(projection), refusals, together);
            this.deleteTarget = MirrorWrite.ofDeletions(wayBack.deleteTarget(), tracedWayBack.deleteTarget());
        } else {
            this.rowWidth = projection.targetColumns().size();
            this.readProjected = sql.readProjected().withSnapshot();
            this.writeTarget =
                    new MirrorWrite(sql.writeTarget(), traced.writeTarget(), fitting(projection), refusals, together);
            this.deleteTarget = MirrorWrite.ofDeletions(sql.deleteTarget(), traced.deleteTarget());
        }
    }

    private static Optional<Fitting> fitting(Projection projection) {
        ProjectionSql numbered = new ProjectionSql(projection, RowBinding.NUMBERED);
        return Optional.of(new Fitting(
                projection.target(),
                projection.targetColumns().size(),
                WayBackSql.isNeeded(projection),
                numbered::writeFitting));
    }

    /**
     * Connects to both databases before it locks anything in either: a database that does not answer must not block a
     * flip or other appliers of the same keys.
     */
    @Override
    public Result apply(List<PendingKey> work, StandingHold hold, Diagnosis diagnosis) throws SQLException {
        try (Connection modern = CanonicalTransaction.connection(databases.modern());
                Connection control = CanonicalTransaction.connection(databases.control())) {
            try {
                CanonicalTransaction.beginForgettable(authority == Side.LEGACY ? control : modern, LIMITS);
                CanonicalTransaction.begin(authority == Side.LEGACY ? modern : control, LIMITS);
                // Unwraps the pools' connections: an error that a row raises must not make a pool evict a connection
                // at each attempt.
                Copied copied = copy(
                        DriverConnection.of(control).direct(),
                        DriverConnection.of(modern).direct(),
                        work,
                        hold,
                        diagnosis);
                commit(control, modern, copied.done());
                return copied.result();
            } catch (SQLException | RuntimeException | Error e) {
                CanonicalTransaction.rollBack(modern, e);
                CanonicalTransaction.rollBack(control, e);
                throw e;
            } finally {
                CanonicalTransaction.giveBack(modern);
                CanonicalTransaction.giveBack(control);
            }
        }
    }

    /**
     * Asks the server, which costs a round trip, only if this many rows of the largest size seen would be too large.
     */
    @Override
    public boolean isTooLarge(List<PendingKey> work) throws SQLException {
        if (work.size() <= FEW || work.size() * largest.get() <= mostBytes) {
            return false;
        }
        List<RecordKey> keys = work.stream().map(PendingKey::key).toList();
        long bytes =
                CanonicalTransaction.in(databases.of(authority), LIMITS, connection -> sizes.ofKeys(connection, keys));
        return bytes > mostBytes;
    }

    private void note(List<@Nullable String> row) {
        long length =
                row.stream().mapToLong(text -> text == null ? 0 : text.length()).sum();
        if (rowsRead.getAndIncrement() == 0) {
            largest.set(length);
        } else {
            largest.accumulateAndGet(length, Math::max);
        }
    }

    private List<PendingKey> lock(Connection control, List<PendingKey> work) throws SQLException {
        ServerEncoding encoding = ServerEncoding.of(control);
        String[] names = work.stream()
                .map(one -> "crossfade/key/" + entity + "/" + String.join("\u0001", encoding.values(one.key())))
                .toArray(String[]::new);
        List<Integer> places = LOCK_KEYS.query(control, row -> row.getInt(1), (Object) names);
        return places.stream().sorted().map(place -> work.get(place - 1)).toList();
    }

    /**
     * Locks the keys once more, in the transaction that writes the mirror: the locks on {@code control} may end with
     * their session while that transaction continues, and another applier's deletion would neither see nor wait for a
     * row that it has inserted but not committed.
     */
    private List<PendingKey> lockOnMirror(Connection mirror, List<PendingKey> locked) throws SQLException {
        return lock(mirror, locked);
    }

    @Override
    public Copied copy(
            Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold, Diagnosis diagnosis)
            throws SQLException {
        hold.beforeMirroring(legacy, modern);
        List<PendingKey> locked = lock(legacy, modern, work);
        return authority == Side.LEGACY
                ? copy(legacy, modern, locked, diagnosis)
                : copy(modern, legacy, locked, diagnosis);
    }

    @Override
    public Locked lock(Connection legacy, Connection modern, List<PendingKey> work, StandingHold hold)
            throws SQLException {
        hold.beforeMirroring(legacy, modern);
        Set<RecordKey> locked =
                lock(legacy, modern, work).stream().map(PendingKey::key).collect(Collectors.toSet());
        return new Locked(locked, locked);
    }

    private List<PendingKey> lock(Connection legacy, Connection modern, List<PendingKey> work) throws SQLException {
        List<PendingKey> locked = lock(legacy, work);
        return authority == Side.LEGACY ? lockOnMirror(modern, locked) : locked;
    }

    private Copied copy(Connection source, Connection target, List<PendingKey> locked, Diagnosis diagnosis)
            throws SQLException {
        if (locked.isEmpty()) {
            return NOTHING;
        }
        List<Intent> intents =
                locked.stream().flatMap(work -> work.intents().stream()).toList();
        Set<Intent> existing = Intents.existing(source, entity, intents);
        List<RecordKey> noted = locked.stream()
                .filter(work -> work.intents().stream().anyMatch(existing::contains))
                .map(PendingKey::key)
                .toList();
        if (noted.isEmpty()) {
            return new Copied(Result.of(locked, existing, Map.of()), List.of());
        }
        Map<RecordKey, List<@Nullable String>> rows = new HashMap<>();
        String snapshot = readProjected
                .query(
                        source,
                        row -> {
                            if (row.getString(2) != null) {
                                rows.put(TextStatement.key(row, 2, keyWidth), texts(row));
                            }
                            return row.getString(1);
                        },
                        arrays(noted))
                .getFirst();
        List<RecordKey> present = noted.stream().filter(rows::containsKey).toList();
        // A key that the mirror's encoding cannot represent has no row there.
        ServerEncoding mirrored = ServerEncoding.of(target);
        ServerEncoding noting = ServerEncoding.of(source);
        List<RecordKey> absent = noted.stream()
                .filter(key -> !rows.containsKey(key) && (mirrored.anyBytes() || mirrored.understands(key, noting)))
                .toList();
        Map<RecordKey, SQLException> refused = new HashMap<>();
        refused.putAll(MirrorBatch.write(target, absent, deleteTarget, TextStatement::arrays, patience));
        // in the order in which they were noted, so that a unique value is given up before it is taken
        refused.putAll(MirrorBatch.write(
                target,
                present,
                writeTarget.told(diagnosis),
                keys -> TextStatement.columns(keys.stream().map(rows::get).toList()),
                patience));
        MirrorRecords.add(
                target,
                entity,
                noted.stream()
                        .filter(key -> !refused.containsKey(key) && mirrored.has(key))
                        .toList(),
                snapshot);
        List<Intent> worked = Transfer.worked(existing, refused);
        Result result = Result.of(locked, existing, refused);
        if (authority == Side.MODERN) {
            return new Copied(result, worked);
        }
        // Before the mirror's commit, while its rows are locked: this proves that the connection with the key locks
        // is alive. An applier that lost its locks must not commit, because another one may have applied a newer row
        // meanwhile.
        Intents.delete(source, entity, worked);
        return new Copied(result, List.of());
    }

    /**
     * Commits the mirror before the intents are deleted, so that no crash can lose a write. The authoritative side
     * commits only that deletion: if a crash of that server undoes it, the work is repeated, so that commit need not
     * wait for the disk.
     */
    private void commit(Connection control, Connection modern, List<Intent> done) throws SQLException {
        if (authority == Side.LEGACY) {
            modern.commit();
            control.commit();
        } else {
            // The control database's transaction holds the key locks: its commit releases them, and the intents are
            // deleted by number afterwards. An applier that comes in between finds them and repeats the same work.
            control.commit();
            Intents.delete(modern, entity, done);
            modern.commit();
        }
    }

    private List<@Nullable String> texts(ResultSet row) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>(rowWidth);
        for (int i = 1; i <= rowWidth; i++) {
            texts.add(row.getString(1 + keyWidth + i));
        }
        note(texts);
        return texts;
    }
}
