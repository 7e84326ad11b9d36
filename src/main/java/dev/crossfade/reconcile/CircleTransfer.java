package dev.crossfade.reconcile;

import dev.crossfade.control.Databases;
import dev.crossfade.mapping.ByteLimit;
import dev.crossfade.mapping.Projection;
import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.Intent;
import dev.crossfade.queue.Intents;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.reconcile.EntityCircle.Link;
import dev.crossfade.reconcile.EntityCircle.Member;
import dev.crossfade.reconcile.Transfer.Copied;
import dev.crossfade.reconcile.Transfer.Diagnosis;
import dev.crossfade.reconcile.Transfer.Locked;
import dev.crossfade.reconcile.Transfer.Result;
import dev.crossfade.sql.CanonicalTransaction;
import dev.crossfade.sql.CanonicalTransaction.Limits;
import dev.crossfade.sql.DriverConnection;
import dev.crossfade.sql.SqlState;
import dev.crossfade.sql.TextStatement;
import dev.crossfade.statement.ProjectionSql;
import dev.crossfade.statement.ReferenceSql;
import dev.crossfade.statement.RowBinding;
import dev.crossfade.statement.RowSizes;
import dev.crossfade.statement.WayBackSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of several entities that the mirror accepts only together, in one transaction of each database.
 *
 * <p>First all their keys are locked. Then the mirror's rows are written with references set to null where they may
 * be, and with constraints deferred where they can be; rows whose authoritative rows are gone are deleted. Then the
 * server checks all constraints, so that a failure shows here and not at the commit. Now every referenced row exists,
 * and each entity's keys are applied as usual. Nobody sees the intermediate state, and any failure rolls everything
 * back.
 */
final class CircleTransfer {

    private static final TextStatement DEFER = new TextStatement("set constraints all deferred");
    private static final TextStatement CHECK = new TextStatement("set constraints all immediate");

    private final Databases databases;
    private final EntityCircle circle;
    private final Limits limits;
    private final long mostBytes = ByteLimit.ofBatch();

    /**
     * Creates the transfer of a cycle of entities.
     *
     * @param limits how long its statements may wait and take
     */
    CircleTransfer(Databases databases, EntityCircle circle, Limits limits) {
        this.databases = databases;
        this.circle = circle;
        this.limits = limits;
    }

    /**
     * Writes rows, all or none of them.
     *
     * @param work the keys of each entity that has some
     * @return the result for each entity
     * @throws SQLException if the mirror refuses one of them, if one is locked elsewhere, or if a database cannot be
     *         used
     */
    Map<String, Result> apply(Map<String, List<PendingKey>> work) throws SQLException {
        if (databases.areShared()) {
            return CanonicalTransaction.in(
                    databases.control(), limits, connection -> results(copy(connection, connection, work)));
        }
        try (Connection modern = CanonicalTransaction.connection(databases.modern());
                Connection legacy = CanonicalTransaction.connection(databases.legacy())) {
            try {
                CanonicalTransaction.begin(legacy, limits);
                CanonicalTransaction.begin(modern, limits);
                Map<String, Copied> copied = copy(
                        DriverConnection.of(legacy).direct(),
                        DriverConnection.of(modern).direct(),
                        work);
                commit(legacy, modern, copied);
                return results(copied);
            } catch (SQLException | RuntimeException | Error e) {
                CanonicalTransaction.rollBack(modern, e);
                CanonicalTransaction.rollBack(legacy, e);
                throw e;
            } finally {
                CanonicalTransaction.giveBack(modern);
                CanonicalTransaction.giveBack(legacy);
            }
        }
    }

    private static Map<String, Result> results(Map<String, Copied> copied) {
        Map<String, Result> results = new LinkedHashMap<>();
        copied.forEach((entity, one) -> results.put(entity, one.result()));
        return results;
    }

    private Map<String, Copied> copy(Connection legacy, Connection modern, Map<String, List<PendingKey>> work)
            throws SQLException {
        List<Member> members = circle.members().stream()
                .filter(member -> work.containsKey(member.entity()))
                .toList();
        Connection source = circle.authority() == Side.LEGACY ? legacy : modern;
        Connection mirror = circle.authority() == Side.LEGACY ? modern : legacy;
        Map<Member, Set<RecordKey>> held = new LinkedHashMap<>();
        for (Member member : members) {
            List<PendingKey> own = work.getOrDefault(member.entity(), List.of());
            Locked locked = member.transfer().lock(legacy, modern, own, member.hold());
            requireAll(own, locked);
            requireNoted(source, member, own);
            if (!locked.rows().isEmpty()) {
                held.put(member, locked.rows());
            }
        }
        requireSmall(source, held);
        DEFER.query(mirror, row -> 0);
        for (Map.Entry<Member, Set<RecordKey>> one : held.entrySet()) {
            write(source, mirror, one.getKey(), one.getValue());
        }
        delete(source, mirror, members, work);
        CHECK.query(mirror, row -> 0);
        Map<String, Copied> copied = new LinkedHashMap<>();
        for (Member member : members) {
            Copied one = member.transfer()
                    .copy(
                            legacy,
                            modern,
                            work.getOrDefault(member.entity(), List.of()),
                            member.hold(),
                            Diagnosis.BY_TRIAL);
            // the row inserted for it is incomplete
            for (SQLException refusal : one.result().refused().values()) {
                throw refusal;
            }
            copied.put(member.entity(), one);
        }
        return copied;
    }

    private static void requireAll(List<PendingKey> wanted, Locked locked) throws SQLException {
        if (!wanted.stream().map(PendingKey::key).allMatch(locked.keys()::contains)) {
            throw new SQLException(
                    "somebody else applies a row that fits only with others", SqlState.LOCK_NOT_AVAILABLE);
        }
    }

    /** Without its intent a key would be inserted and not applied. */
    private static void requireNoted(Connection source, Member member, List<PendingKey> work) throws SQLException {
        Set<Intent> existing = Intents.existing(
                source,
                member.entity(),
                work.stream().flatMap(one -> one.intents().stream()).toList());
        if (work.stream().anyMatch(one -> one.intents().stream().noneMatch(existing::contains))) {
            throw new SQLException(
                    "somebody else has dealt with a row that fits only with others", SqlState.LOCK_NOT_AVAILABLE);
        }
    }

    private void requireSmall(Connection source, Map<Member, Set<RecordKey>> held) throws SQLException {
        long bytes = 0;
        for (Map.Entry<Member, Set<RecordKey>> one : held.entrySet()) {
            bytes += new RowSizes(one.getKey().projection().source()).ofKeys(source, one.getValue());
        }
        if (bytes > mostBytes) {
            throw new SQLException(
                    "rows that fit only together take %s bytes, and a batch may take %s".formatted(bytes, mostBytes),
                    SqlState.PROGRAM_LIMIT_EXCEEDED);
        }
    }

    /**
     * Deletes the mirror rows whose authoritative rows are gone, referring rows first. Like the reconciler, it locks
     * the mirror's rows before it checks the authoritative ones again.
     */
    private static void delete(
            Connection source, Connection mirror, List<Member> members, Map<String, List<PendingKey>> work)
            throws SQLException {
        Map<Member, Set<RecordKey>> gone = new LinkedHashMap<>();
        for (Member member : members.reversed()) {
            Set<RecordKey> keys = absent(
                    source,
                    member,
                    work.getOrDefault(member.entity(), List.of()).stream()
                            .map(PendingKey::key)
                            .toList());
            Set<RecordKey> locked = keys.isEmpty() ? keys : lockedOn(mirror, member, keys);
            Set<RecordKey> still = locked.isEmpty() ? locked : absent(source, member, locked);
            if (!still.isEmpty()) {
                gone.put(member, still);
            }
        }
        for (Map.Entry<Member, Set<RecordKey>> one : gone.entrySet()) {
            Set<Integer> emptied = one.getKey().emptied();
            if (!emptied.isEmpty()) {
                new ProjectionSql(one.getKey().projection())
                        .emptyTarget(emptied)
                        .update(mirror, TextStatement.arrays(one.getValue()));
            }
        }
        for (Map.Entry<Member, Set<RecordKey>> one : gone.entrySet()) {
            Projection projection = one.getKey().projection();
            TextStatement delete = WayBackSql.isNeeded(projection)
                    ? new WayBackSql(projection, RowBinding.MANY).deleteTarget()
                    : new ProjectionSql(projection).deleteTarget();
            delete.query(mirror, row -> 0, TextStatement.arrays(one.getValue()));
        }
    }

    private static Set<RecordKey> absent(Connection source, Member member, Collection<RecordKey> keys)
            throws SQLException {
        Set<RecordKey> absent = new LinkedHashSet<>(keys);
        int width = member.projection().source().key().size();
        new ReferenceSql(member.projection())
                .referredTo(member.links().stream().map(Link::reference).toList())
                .query(source, row -> TextStatement.key(row, 1, width), TextStatement.arrays(keys))
                .forEach(absent::remove);
        return absent;
    }

    private static Set<RecordKey> lockedOn(Connection mirror, Member member, Collection<RecordKey> keys)
            throws SQLException {
        int width = member.projection().target().key().size();
        return new LinkedHashSet<>(new ProjectionSql(member.projection())
                .lockTarget()
                .query(mirror, row -> TextStatement.key(row, 1, width), TextStatement.arrays(keys)));
    }

    /** Writes rows with nullable references set to null. */
    private static void write(Connection source, Connection mirror, Member member, Collection<RecordKey> keys)
            throws SQLException {
        Projection projection = member.projection();
        ProjectionSql sql = new ProjectionSql(projection);
        int keyWidth = projection.source().key().size();
        int width = projection.targetColumns().size();
        Set<Integer> emptied = member.emptied();
        List<List<@Nullable String>> rows = sql.readProjected()
                .query(source, row -> texts(row, keyWidth, width, emptied), TextStatement.arrays(keys));
        if (!rows.isEmpty()) {
            sql.writeTarget().update(mirror, TextStatement.columns(rows));
        }
    }

    private static List<@Nullable String> texts(ResultSet row, int from, int width, Set<Integer> emptied)
            throws SQLException {
        List<@Nullable String> texts = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            texts.add(emptied.contains(i) ? null : row.getString(from + i + 1));
        }
        return texts;
    }

    /** As {@link SeparateTransfer} does: the mirror first, and the intents after it. */
    private void commit(Connection legacy, Connection modern, Map<String, Copied> copied) throws SQLException {
        if (circle.authority() == Side.LEGACY) {
            modern.commit();
            legacy.commit();
            return;
        }
        legacy.commit();
        for (Map.Entry<String, Copied> one : copied.entrySet()) {
            Intents.delete(modern, one.getKey(), one.getValue().done());
        }
        modern.commit();
    }
}
