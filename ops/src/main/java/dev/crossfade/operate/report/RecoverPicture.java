package dev.crossfade.operate.report;

import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.DatabaseIdentity;
import dev.crossfade.model.RecordKey;
import dev.crossfade.recover.Losses;
import dev.crossfade.recover.Picture;
import dev.crossfade.verify.Difference;
import dev.crossfade.verify.Survey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an entity's databases disagree about.
 *
 * @param reason why it is frozen; null if only its record is lost
 * @param databases the identity of each database, and what it was
 * @param record the stage in the control database; null if it has lost it
 * @param fence the stage in the modern database; null if it does not know the entity, or there is one database
 * @param instances the epochs that live instances have applied
 * @param authority the authoritative side; null if it cannot be determined
 * @param differences what differs; null where nothing was compared
 * @param losses what each decision would cost
 * @param begun a decision that is partly carried out; null if there is none
 */
public record RecoverPicture(
        @Nullable String reason,
        List<Database> databases,
        @Nullable Standing record,
        @Nullable Standing fence,
        Map<String, Long> instances,
        @Nullable String authority,
        @Nullable Differences differences,
        List<Loss> losses,
        @Nullable Begun begun) {

    /** A database; {@code remembered} is what the other one remembers of it. */
    public record Database(
            String side,
            Identity now,
            @Nullable Identity remembered,
            @Nullable String change) {}

    /** A database's identity. */
    public record Identity(String token, String system, long timeline, long position, long beat) {

        public static Identity of(DatabaseIdentity one) {
            return new Identity(one.token(), one.system(), one.timeline(), one.position(), one.beat());
        }
    }

    /** A stage. If not decided, it was only announced. */
    public record Standing(String stage, long epoch, boolean decided) {

        public static @Nullable Standing of(Optional<Fence> fence) {
            return fence.map(one -> new Standing(
                            one.standing().stage().label(), one.standing().epoch(), one.decided()))
                    .orElse(null);
        }
    }

    /**
     * The keys that differ and were not written since.
     *
     * @param written how many keys differ because the authoritative side was written since; these are kept
     * @param stranded how many intents are on the other side
     */
    public record Differences(
            long legacyRows,
            Kind onlyLegacy,
            Kind onlyModern,
            Kind different,
            long written,
            long restless,
            long stranded) {

        public static Differences of(Survey.Seen seen, long stranded, int limit) {
            return new Differences(
                    seen.legacyRows(),
                    Kind.of(seen, Difference.Missing.class::isInstance, limit),
                    Kind.of(seen, Difference.Extra.class::isInstance, limit),
                    Kind.of(seen, Difference.Different.class::isInstance, limit),
                    seen.written(),
                    seen.restless(),
                    stranded);
        }
    }

    /** How many keys, and the first of them. */
    public record Kind(long count, List<List<String>> keys) {

        public static Kind of(Survey.Seen seen, Predicate<Difference> which, int limit) {
            List<RecordKey> found = seen.listed().stream()
                    .map(Survey.Listed::difference)
                    .filter(which)
                    .map(Difference::key)
                    .toList();
            return new Kind(
                    found.size(),
                    found.stream().limit(limit).map(RecordKey::values).toList());
        }
    }

    /** What a decision costs the side that loses. */
    public record Loss(
            String winner, String loser, long deleted, long overwritten, long added, long destroyed, long allowed) {

        public static Loss of(Losses losses) {
            return new Loss(
                    losses.winner().label(),
                    losses.winner().opposite().label(),
                    losses.deleted(),
                    losses.overwritten(),
                    losses.added(),
                    losses.destroyed(),
                    losses.allowed());
        }
    }

    /** A decision that is partly carried out. */
    public record Begun(String winner, String by, String reason, String at) {}

    public static RecoverPicture of(Picture picture, int limit) {
        return new RecoverPicture(
                picture.standpoint().frozen().orElse(null),
                picture.databases().stream()
                        .map(one -> new Database(
                                one.side().label(),
                                Identity.of(one.now()),
                                one.remembered().map(Identity::of).orElse(null),
                                one.change().orElse(null)))
                        .toList(),
                Standing.of(picture.standpoint().record()),
                Standing.of(picture.standpoint().fence()),
                picture.standpoint().acknowledged(),
                picture.compared()
                        .map(standing -> standing.stage().authority().label())
                        .orElse(null),
                picture.seen()
                        .map(seen -> Differences.of(seen, picture.stranded(), limit))
                        .orElse(null),
                picture.losses().stream().map(Loss::of).toList(),
                picture.begun()
                        .map(one -> new Begun(
                                one.winner().label(), one.decidedBy(), one.reason(), Wording.moment(one.beganAt())))
                        .orElse(null));
    }
}
