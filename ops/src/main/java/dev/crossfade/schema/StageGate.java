package dev.crossfade.schema;

import dev.crossfade.control.AuthorityLock;
import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.control.FormerEntities;
import dev.crossfade.control.FormerEntities.Former;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jooq.DSLContext;

/**
 * Decides by the stages of the entities: structures stay while they hold the only copy of rows or writers use them.
 *
 * <p>Legacy structures may be dropped at {@code modern-only}, once every live instance has applied that stage and
 * nothing is queued for the legacy side any more. Modern ones may be dropped at {@code legacy-only}; while they are a
 * mirror, only if that is forced, and never once the modern side is authoritative. A migration that names no entity,
 * or an unknown one, may belong to any. Between two databases the newer epoch counts. While a migration runs, no
 * backfill of its entities begins and their authority does not move.
 */
public final class StageGate implements DestructionGate {

    private final Databases databases;
    private final Leftovers leftovers;

    /** Creates a gate that reads the stages in the databases of both sides. */
    public StageGate(Databases databases) {
        this.databases = databases;
        this.leftovers = new Leftovers(databases);
    }

    @Override
    public List<Objection> objections(Act act, List<String> entities, DSLContext session) {
        List<Objection> objections = new ArrayList<>();
        Set<String> concerned = concerned(act, entities, standings().keySet());
        concerned.forEach(entity -> atWork(entity, session).ifPresent(objections::add));
        // From here on locks keep the authority from moving, so the stages are read only now.
        Map<String, Standing> standings = standings();
        for (String entity : concerned) {
            stageObjection(act, entity, Optional.ofNullable(standings.get(entity)))
                    .ifPresent(objections::add);
            if (act == Act.CONTRACT && standings.containsKey(entity)) {
                objections.addAll(leftovers.objections(entity, standings.get(entity)));
            }
        }
        return objections;
    }

    /** Returns what keeps an entity at {@code modern-only} from being contracted; takes no locks. */
    public List<Objection> leftovers(String entity) {
        return Optional.ofNullable(standings().get(entity))
                .map(standing -> leftovers.objections(entity, standing))
                .orElse(List.of());
    }

    /** Returns the stages. They include forgotten entities whose modern side has the only copy, for ever. */
    private Map<String, Standing> standings() {
        Map<String, Standing> known = new TreeMap<>(AuthorityTable.all(databases.controlDsl()));
        if (!databases.areShared()) {
            AuthorityTable.all(databases.dsl(Side.MODERN))
                    .forEach((entity, fence) -> known.merge(
                            entity, fence, (control, other) -> other.epoch() > control.epoch() ? other : control));
        }
        FormerEntities.all(databases.controlDsl()).stream()
                .filter(former -> former.renamedTo().isEmpty() && former.stage() == Stage.MODERN_ONLY)
                .map(Former::name)
                .forEach(name -> known.putIfAbsent(name, new Standing(Stage.MODERN_ONLY, 0)));
        return known;
    }

    private Set<String> concerned(Act act, List<String> named, Set<String> known) {
        Set<String> concerned = new LinkedHashSet<>();
        for (String name : named) {
            concerned.add(known.contains(name) ? name : FormerEntities.presentName(databases.controlDsl(), name));
        }
        if (act == Act.REVERT_EXPAND && (named.isEmpty() || !known.containsAll(concerned))) {
            concerned.addAll(known);
        }
        return concerned;
    }

    private static Optional<Objection> stageObjection(Act act, String entity, Optional<Standing> standing) {
        return switch (act) {
            case CONTRACT -> contract(entity, standing);
            case REVERT_EXPAND -> standing.flatMap(found -> revertExpand(entity, found.stage()));
            case REVERT_CONTRACT -> standing.flatMap(found -> revertContract(entity, found.stage()));
        };
    }

    /** Objects unless nothing reads or writes the legacy structures any more. */
    private static Optional<Objection> contract(String entity, Optional<Standing> standing) {
        if (standing.isEmpty()) {
            return Optional.of(new Objection(
                    entity, "none", "no entity of that name is known. Check the name in the migration file.", false));
        }
        Stage stage = standing.get().stage();
        return stage == Stage.MODERN_ONLY
                ? Optional.empty()
                : Optional.of(new Objection(
                        entity,
                        stage.label(),
                        "it stands at %s, and %s is required. Move it with `crossfade stage %s --to %s`."
                                .formatted(
                                        stage.label(),
                                        Stage.MODERN_ONLY.label(),
                                        entity,
                                        stage.next().orElse(Stage.MODERN_ONLY).label()),
                        false));
    }

    private static Optional<Objection> revertExpand(String entity, Stage stage) {
        if (stage == Stage.LEGACY_ONLY) {
            return Optional.empty();
        }
        boolean decides = stage.authority() == Side.MODERN;
        String reason = decides
                ? "it stands at %s, so the modern side decides and may have rows that no other side has; that is not to be forced."
                : "it stands at %s, so the service writes to the modern side.";
        String remedy = " Take it back to %s first, a step at a time: `crossfade stage %s --to %s`%s."
                .formatted(
                        Stage.LEGACY_ONLY.label(),
                        entity,
                        stage.previous().orElseThrow().label(),
                        decides ? "" : ", or force it: --force --reason \"…\"");
        return Optional.of(new Objection(entity, stage.label(), reason.formatted(stage.label()) + remedy, !decides));
    }

    /**
     * Objects where the legacy side is authoritative: the recreated structures are empty, and must not replace its
     * rows.
     */
    private static Optional<Objection> revertContract(String entity, Stage stage) {
        return stage.authority() == Side.MODERN
                ? Optional.empty()
                : Optional.of(new Objection(
                        entity,
                        stage.label(),
                        "it stands at %s, so the legacy side decides, and its down file makes legacy structures anew. Look whether it would replace what is there; if not, force it: --force --reason \"…\"."
                                .formatted(stage.label()),
                        true));
    }

    /** Takes the locks that backfills and moves of the authority need. The session keeps them until it ends. */
    private static Optional<Objection> atWork(String entity, DSLContext session) {
        String backfill = "crossfade/backfill/" + entity;
        if (!tryLock(session, "select pg_try_advisory_lock(hashtextextended(?, 0))", backfill)) {
            return Optional.of(new Objection(
                    entity,
                    "backfill",
                    "its backfill runs at this moment%s. End it with Ctrl-C first."
                            .formatted(holder(session, backfill)),
                    false));
        }
        String authority = AuthorityLock.WRITING.name(entity);
        if (!tryLock(session, "select pg_try_advisory_lock_shared(hashtextextended(?, 0))", authority)) {
            return Optional.of(new Objection(
                    entity,
                    "moving",
                    "its authority moves at this moment%s. Wait for the end of that, and look where it stands."
                            .formatted(holder(session, authority)),
                    false));
        }
        return Optional.empty();
    }

    private static boolean tryLock(DSLContext session, String sql, String name) {
        return session.fetchSingle(sql, name).get(0, boolean.class);
    }

    private static String holder(DSLContext session, String lock) {
        return session.fetch("""
                        select l.pid, coalesce(nullif(a.application_name, ''), 'unnamed')
                        from pg_locks l left join pg_stat_activity a on a.pid = l.pid
                        where l.locktype = 'advisory' and l.granted and l.objsubid = 1
                          and l.database = (select d.oid from pg_database d where d.datname = current_database())
                          and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(?, 0)
                        """, lock).stream()
                .findFirst()
                .map(row -> " (process %s, %s)".formatted(row.get(0), row.get(1)))
                .orElse("");
    }
}
