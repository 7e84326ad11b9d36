package dev.crossfade.spring.autoconfigure;

import dev.crossfade.lossy.LossyWritePolicy;
import dev.crossfade.lossy.LossyWriteSettings;
import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.SettingChecks;
import dev.crossfade.routing.RoutingSettings;
import dev.crossfade.routing.ShadowSettings;
import dev.crossfade.spring.transaction.OtherTransactions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code crossfade.…}; null where the library's own default holds.
 *
 * @param enabled whether anything is configured at all
 * @param applicationVersion what the fleet shows as this instance's version
 * @param dataSource bean name or qualifier of the one data source with both schemas
 * @param legacyDataSource bean name or qualifier of the data source with the legacy schema
 * @param modernDataSource bean name or qualifier of the data source with the modern schema
 * @param mirrorBudget the longest that a caller waits for the mirror
 * @param flipPatience the longest that a writer waits while the authority moves
 * @param enableModernWrite false makes this instance leave intents instead of writing the modern mirror itself
 * @param mirrorConcurrency the most callers that wait for one entity's mirror at a time
 * @param shadowPerMille how many of a thousand reads are compared at {@code shadow-read}
 * @param stagePolling how often the stages are read
 * @param liveness how long without a heartbeat until this instance counts as gone
 * @param otherTransactions what to do in transactions on none of Crossfade's data sources
 * @param transactionEntities with two databases, the entities that are written in transactions together; all by default
 * @param translateExceptions whether repositories throw Spring's exceptions for database errors
 * @param mirrorInDbHealth whether Spring Boot's health {@code db} is down while a mirror database is down
 * @param lossyWrites what happens to saves that the legacy side does not give back as they were, unless a list names
 *     the entity or the column
 * @param lossyWritesReported entities, or {@code entity.column}, whose lossy saves are reported
 * @param lossyWritesRefused those whose lossy saves are refused
 * @param lossyWritesAllowed those whose lossy saves are allowed
 */
@ConfigurationProperties("crossfade")
public record CrossfadeProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String applicationVersion,
        @Nullable String dataSource,
        @Nullable String legacyDataSource,
        @Nullable String modernDataSource,
        @Nullable Duration mirrorBudget,
        @Nullable Duration flipPatience,
        @Nullable Boolean enableModernWrite,
        @Nullable Integer mirrorConcurrency,
        @Nullable Integer shadowPerMille,
        @Nullable Duration stagePolling,
        @Nullable Duration liveness,
        @DefaultValue("refuse") OtherTransactions otherTransactions,
        @DefaultValue List<String> transactionEntities,
        @DefaultValue("true") boolean translateExceptions,
        @DefaultValue("false") boolean mirrorInDbHealth,
        @DefaultValue("report") LossyWritePolicy lossyWrites,
        @DefaultValue List<String> lossyWritesReported,
        @DefaultValue List<String> lossyWritesRefused,
        @DefaultValue List<String> lossyWritesAllowed) {

    /**
     * Checks all settings.
     *
     * @throws InvalidInputException naming every invalid setting
     */
    public CrossfadeProperties {
        transactionEntities = List.copyOf(transactionEntities);
        lossyWritesReported = List.copyOf(lossyWritesReported);
        lossyWritesRefused = List.copyOf(lossyWritesRefused);
        lossyWritesAllowed = List.copyOf(lossyWritesAllowed);
        SettingChecks checks = new SettingChecks();
        atLeast("mirror-budget", mirrorBudget, Duration.ofMillis(1), checks);
        atLeast("flip-patience", flipPatience, Duration.ZERO, checks);
        atLeast("stage-polling", stagePolling, Duration.ofMillis(1), checks);
        atLeast("liveness", liveness, Duration.ofMillis(500), checks);
        if (mirrorConcurrency != null) {
            checks.atLeast("crossfade.mirror-concurrency", mirrorConcurrency, 1);
        }
        if (shadowPerMille != null) {
            checks.within("crossfade.shadow-per-mille", shadowPerMille, 0, 1000);
        }
        if (dataSource != null && (legacyDataSource != null || modernDataSource != null)) {
            checks.add(
                    "crossfade.data-source is for one database with both schemas and contradicts crossfade.legacy-data-source and crossfade.modern-data-source; keep it or those two.");
        }
        if ((legacyDataSource == null) != (modernDataSource == null)) {
            checks.add(
                    "crossfade.legacy-data-source and crossfade.modern-data-source are set together or not at all; for one database with both schemas set crossfade.data-source.");
        }
        checks.refuse();
    }

    /**
     * Returns the routing settings. {@code modernWrite} says whether the modern mirror is written if the properties do
     * not.
     */
    RoutingSettings routing(boolean modernWrite) {
        RoutingSettings defaults = RoutingSettings.DEFAULTS;
        return defaults.withMirrorBudget(mirrorBudget == null ? defaults.mirrorBudget() : mirrorBudget)
                .withFlipPatience(flipPatience == null ? defaults.flipPatience() : flipPatience)
                .withModernWrite(enableModernWrite == null ? modernWrite : enableModernWrite)
                .withMirrorConcurrency(mirrorConcurrency == null ? defaults.mirrorConcurrency() : mirrorConcurrency)
                .withShadow(
                        shadowPerMille == null
                                ? defaults.shadow()
                                : ShadowSettings.builder()
                                        .sample(shadowPerMille)
                                        .build())
                .withLossyWrites(lossyWriteSettings());
    }

    /** Returns what happens to saves that the legacy side does not give back as they were. */
    LossyWriteSettings lossyWriteSettings() {
        return LossyWriteSettings.DEFAULTS
                .otherwise(lossyWrites)
                .with(LossyWritePolicy.REPORT, lossyWritesReported)
                .with(LossyWritePolicy.REFUSE, lossyWritesRefused)
                .with(LossyWritePolicy.ALLOW, lossyWritesAllowed);
    }

    private static void atLeast(String name, @Nullable Duration value, Duration least, SettingChecks checks) {
        if (value != null) {
            checks.atLeast("crossfade." + name, value, least);
        }
    }
}
