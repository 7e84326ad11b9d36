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
 * Where an entity stands, as far as anybody knows.
 *
 * @param record what the control database says, empty if it has lost it
 * @param fence what the modern database says, empty if it does not know the entity or there is no other database
 * @param acknowledged the epochs that live instances have applied, by the instance's name
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

    /** Tells whether the control database has no stage of it, though somebody knew one. */
    public boolean isLost() {
        return record.isEmpty();
    }

    /**
     * Returns where it stands, empty if that cannot be told: neither database knows, they name two stages for one
     * epoch, or the modern one was told of a newer stage and whether the control database recorded and lost it is not
     * known.
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
     * Returns where the entity is to stand from now on, under an epoch above every one that anybody knows.
     *
     * @param named the stage that the operator named, empty if none
     * @throws InvalidInputException if a stage has to be named, or may not be as it is known
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

    /** Tells whether nobody knows better than the control database, and it is not merely made anew. */
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
