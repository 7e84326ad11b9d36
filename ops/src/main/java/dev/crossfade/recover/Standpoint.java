package dev.crossfade.recover;

import dev.crossfade.control.AuthorityTable;
import dev.crossfade.control.AuthorityTable.Fence;
import dev.crossfade.control.AuthorityTable.Standing;
import dev.crossfade.control.Databases;
import dev.crossfade.fleet.Fleet;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.Side;
import dev.crossfade.model.Stage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An entity's stage, as far as anybody knows it.
 *
 * @param record the control database's record, empty if it has lost it
 * @param fence the modern database's record, empty if it does not know the entity or there is one database
 * @param acknowledged the epochs that live instances have applied, by instance name
 */
public record Standpoint(Optional<Fence> record, Optional<Fence> fence, Map<String, Long> acknowledged) {

    static Standpoint read(Databases databases, String entity) {
        Map<String, Long> acknowledged = new TreeMap<>();
        new Fleet(databases.controlDsl()).live().forEach(member -> {
            Long epoch = member.acknowledged().get(entity);
            if (epoch != null) {
                acknowledged.put(member.instance().name(), epoch);
            }
        });
        return new Standpoint(
                AuthorityTable.fence(databases.controlDsl(), entity),
                databases.areShared() ? Optional.empty() : AuthorityTable.fence(databases.dsl(Side.MODERN), entity),
                acknowledged);
    }

    /** Returns why the entity is frozen, in either database, empty if it is not. */
    public Optional<String> frozen() {
        return record.flatMap(Fence::frozen).or(() -> fence.flatMap(Fence::frozen));
    }

    /** Tells whether the control database has no stage of the entity, though somebody knew one. */
    public boolean isLost() {
        return record.isEmpty();
    }

    /**
     * Returns the stage in force, empty if it cannot be determined. That is so if neither database knows it, if they
     * have two stages for one epoch, or if the modern one knows a newer stage and nobody knows whether the control
     * database recorded and lost that one.
     */
    public Optional<Standing> inForce() {
        Optional<Standing> fenced = fence.filter(Fence::decided).map(Fence::standing);
        if (frozen().isPresent()
                && fence.filter(one -> !one.decided())
                        .filter(one -> record.stream()
                                .allMatch(known -> known.standing().epoch()
                                        < one.standing().epoch()))
                        .isPresent()) {
            return Optional.empty();
        }
        if (record.isEmpty()) {
            return fenced;
        }
        Standing recorded = record.get().standing();
        if (fenced.isEmpty()
                || fenced.get().epoch() < recorded.epoch()
                || fenced.get().equals(recorded)) {
            return Optional.of(recorded);
        }
        return fenced.filter(newer -> newer.epoch() > recorded.epoch());
    }

    /**
     * Returns the entity's stage from now on, under an epoch above every known one.
     *
     * @param named the stage that the operator named, empty if none
     * @throws InvalidInputException if a stage has to be named, or was named although it is known
     */
    Standing settled(String entity, Optional<Stage> named) {
        Optional<Standing> known = inForce();
        if (named.isPresent()
                && isCertain()
                && known.filter(one -> one.stage() == named.get()).isEmpty()) {
            throw new InvalidInputException(
                    "%s stands at %s, and a recovery does not move it. Leave --stage out; move it afterwards with `crossfade stage %s`."
                            .formatted(
                                    entity,
                                    known.map(one -> one.stage().label()).orElse("no stage"),
                                    entity));
        }
        Stage stage = named.or(() -> known.map(Standing::stage))
                .orElseThrow(() -> new InvalidInputException(
                        "Where %s stands cannot be told from what the databases know. Say it with --stage STAGE: the stage under which the service wrote last."
                                .formatted(entity)));
        return new Standing(stage, highestEpoch() + 1);
    }

    /** Tells whether the control database's record is the newest, and was not merely recreated. */
    private boolean isCertain() {
        return record.isPresent()
                && record.get().standing().epoch() == highestEpoch()
                && highestEpoch() > 0
                && inForce().isPresent();
    }

    private long highestEpoch() {
        Stream<Long> ofDatabases = Stream.of(record, fence)
                .flatMap(Optional::stream)
                .map(one -> one.standing().epoch());
        return Stream.concat(ofDatabases, acknowledged.values().stream())
                .mapToLong(epoch -> epoch)
                .max()
                .orElse(0);
    }
}
