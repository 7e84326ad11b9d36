package dev.crossfade.gate;

import dev.crossfade.model.SettingChecks;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * The requirements of the gates. Each limit is the last value that is still allowed. A change of stage is recorded
 * with the requirements at the time, so that a relaxed limit is visible afterwards.
 *
 * @param backlog how much may wait for the mirror when reads or the authority move, or mirroring ends
 * @param verificationAge how long ago the verification may have ended before reads or the authority move, 24 h by
 *     default
 * @param shadow the results that shadow reads must show before reads move
 * @param replicas the replicas that must have caught up before reads or the authority move to their side
 * @param restoreRows on how many rows at either end of the legacy table the way back is proven, 1,000 by default
 * @param stableFor how long an entity must have been at its stage before it moves on, 0 by default
 * @param togetherWithin for how long after entities were seen in one transaction they must move their authority
 *         together, 7 days by default; 0 limits this to those that a service declares
 */
public record GateSettings(
        Backlog backlog,
        Duration verificationAge,
        Shadow shadow,
        Replicas replicas,
        int restoreRows,
        Duration stableFor,
        Duration togetherWithin) {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** The defaults. */
    public static final GateSettings DEFAULTS = new GateSettings(
            new Backlog(10_000, 0, Duration.ofMinutes(1)),
            Duration.ofHours(24),
            new Shadow(100, 0.1, Duration.ofHours(24)),
            new Replicas(Set.of(), Set.of(), Duration.ofSeconds(1)),
            1_000,
            Duration.ZERO);

    private static final int MOST_RESTORE_ROWS = 1_000_000;

    /**
     * How much may wait for the mirror. A flip of the authority drains the intents itself and allows no missed write,
     * whatever is set here.
     *
     * @param intents how many intents, 10,000 by default
     * @param missedWrites how many missed writes, parked ones too, 0 by default
     * @param oldestIntent how old the oldest intent may be, 1 min by default; an older one means that nobody applies
     *         them
     */
    public record Backlog(int intents, int missedWrites, Duration oldestIntent) {

        /** Refuses limits that nothing can meet. */
        public Backlog {
            new SettingChecks()
                    .atLeast("gate.intents", intents, 0)
                    .atLeast("gate.missed.writes", missedWrites, 0)
                    .atLeast("gate.oldest.intent", oldestIntent, Duration.ZERO)
                    .refuse();
        }
    }

    /**
     * The results that shadow reads must show since the entity last entered {@code SHADOW_READ}.
     *
     * @param comparisons how many reads must have been compared at least, 100 by default; 0 for a service without reads
     * @param mismatchPercent the percentage of them that may have differed, 0.1 by default
     * @param window how far back comparisons count, 24 h by default
     */
    public record Shadow(long comparisons, double mismatchPercent, Duration window) {

        /** Refuses limits that nothing can meet. */
        public Shadow {
            new SettingChecks()
                    .atLeast("gate.shadow.comparisons", comparisons, 0)
                    .require(
                            mismatchPercent >= 0 && mismatchPercent <= 100,
                            "gate.shadow.mismatch.percent",
                            mismatchPercent,
                            "from 0 to 100")
                    .atLeast("gate.shadow.window", window, SHORTEST)
                    .refuse();
        }
    }

    /**
     * The replicas that count, in addition to every connected physical one.
     *
     * @param legacy names of the legacy server's replicas, as in their {@code application_name}; none by default
     * @param modern names of the modern server's replicas; none by default
     * @param patience how long a replica may take to replay the WAL that the server had written when the gate was
     *         asked, 1 s by default
     */
    public record Replicas(Set<String> legacy, Set<String> modern, Duration patience) {

        /** Copies the names; refuses blank ones. */
        public Replicas {
            SettingChecks checks =
                    new SettingChecks().given("gate.replicas.legacy", legacy).given("gate.replicas.modern", modern);
            checks.refuse();
            legacy = Set.copyOf(legacy);
            modern = Set.copyOf(modern);
            checks.require(legacy.stream().noneMatch(String::isBlank), "gate.replicas.legacy", legacy, "names")
                    .require(modern.stream().noneMatch(String::isBlank), "gate.replicas.modern", modern, "names")
                    .within("gate.replicas.patience", patience, Duration.ZERO, Duration.ofMinutes(1))
                    .refuse();
        }

        Set<String> both() {
            Set<String> both = new TreeSet<>(legacy);
            both.addAll(modern);
            return both;
        }
    }

    /** Refuses limits that nothing can meet. */
    public GateSettings {
        new SettingChecks()
                .given("gate.backlog", backlog)
                .given("gate.shadow", shadow)
                .given("gate.replicas", replicas)
                .atLeast("gate.verification.age", verificationAge, SHORTEST)
                .within("gate.restore.rows", restoreRows, 1, MOST_RESTORE_ROWS)
                .atLeast("gate.stable.for", stableFor, Duration.ZERO)
                .atLeast("gate.together.within", togetherWithin, Duration.ZERO)
                .refuse();
    }

    /** Creates settings with the default time for entities that were seen in one transaction. */
    public GateSettings(
            Backlog backlog,
            Duration verificationAge,
            Shadow shadow,
            Replicas replicas,
            int restoreRows,
            Duration stableFor) {
        this(backlog, verificationAge, shadow, replicas, restoreRows, stableFor, Duration.ofDays(7));
    }

    /** Returns these settings with other limits of the backlog. */
    public GateSettings withBacklog(Backlog other) {
        return new GateSettings(other, verificationAge, shadow, replicas, restoreRows, stableFor, togetherWithin);
    }

    /** Returns these settings with another age of the verification. */
    public GateSettings withVerificationAge(Duration other) {
        return new GateSettings(backlog, other, shadow, replicas, restoreRows, stableFor, togetherWithin);
    }

    /** Returns these settings with other demands on shadow reads. */
    public GateSettings withShadow(Shadow other) {
        return new GateSettings(backlog, verificationAge, other, replicas, restoreRows, stableFor, togetherWithin);
    }

    /** Returns these settings with other replicas. */
    public GateSettings withReplicas(Replicas other) {
        return new GateSettings(backlog, verificationAge, shadow, other, restoreRows, stableFor, togetherWithin);
    }

    /** Returns these settings with another number of rows to prove the way back on. */
    public GateSettings withRestoreRows(int other) {
        return new GateSettings(backlog, verificationAge, shadow, replicas, other, stableFor, togetherWithin);
    }

    /** Returns these settings with another minimum time at a stage. */
    public GateSettings withStableFor(Duration other) {
        return new GateSettings(backlog, verificationAge, shadow, replicas, restoreRows, other, togetherWithin);
    }

    /** Returns these settings with another time for which entities that were seen in one transaction move together. */
    public GateSettings withTogetherWithin(Duration other) {
        return new GateSettings(backlog, verificationAge, shadow, replicas, restoreRows, stableFor, other);
    }
}
