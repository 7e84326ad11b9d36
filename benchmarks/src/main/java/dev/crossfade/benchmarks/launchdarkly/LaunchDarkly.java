package dev.crossfade.benchmarks.launchdarkly;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.MigrationStage;
import com.launchdarkly.sdk.server.integrations.TestData;
import com.launchdarkly.sdk.server.migrations.Migration;
import com.launchdarkly.sdk.server.migrations.Migration.MigrationResult;
import com.launchdarkly.sdk.server.migrations.Migration.MigrationWriteResult;
import com.launchdarkly.sdk.server.migrations.MigrationBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationExecution;
import com.launchdarkly.sdk.server.migrations.MigrationMethodResult;
import com.launchdarkly.sdk.server.migrations.MigrationSerialOrder;
import dev.crossfade.benchmarks.accounts.Account;
import dev.crossfade.model.Stage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Accounts behind LaunchDarkly's {@code Migration} at one stage. Where it reads both sides, it reads one after the
 * other: the default, a thread for each, costs more. Thread-safe.
 */
public final class LaunchDarkly implements AutoCloseable {

    private static final String FLAG = "accounts";
    private static final LDContext CONTEXT = LDContext.create("service");

    private final LDClient client;
    private final Migration<Optional<Account>, Boolean, Long, Account> migration;

    /**
     * Starts LaunchDarkly's client.
     *
     * @throws IllegalStateException if its flag is not at the requested stage
     */
    public LaunchDarkly(Stage stage, PlainAccounts legacy, PlainAccounts modern) {
        MigrationStage wanted = stageOf(stage);
        TestData flags = TestData.dataSource();
        flags.update(flags.flag(FLAG).valueForAll(LDValue.of(wanted.toString())));
        this.client = new LDClient(
                "offline",
                new LDConfig.Builder()
                        .dataSource(flags)
                        .events(Components.noEvents())
                        .logging(Components.noLogging())
                        .build());
        MigrationStage seen =
                client.migrationVariation(FLAG, CONTEXT, MigrationStage.OFF).getStage();
        if (seen != wanted) {
            throw new IllegalStateException("LaunchDarkly's flag is at " + seen + ", not at " + wanted + ".");
        }
        this.migration = new MigrationBuilder<Optional<Account>, Boolean, Long, Account>(client)
                .readExecution(MigrationExecution.Serial(MigrationSerialOrder.FIXED))
                .read(
                        key -> MigrationMethodResult.Success(legacy.find(key)),
                        key -> MigrationMethodResult.Success(modern.find(key)))
                .write(account -> write(legacy, account), account -> write(modern, account))
                .build()
                .orElseThrow();
    }

    /** Finds an account through the migration. */
    public Optional<Account> find(Long key) {
        MigrationResult<Optional<Account>> result = migration.read(FLAG, CONTEXT, MigrationStage.OFF, key);
        return result.getResult()
                .orElseThrow(() -> new IllegalStateException(
                        "LaunchDarkly's read failed.", result.getException().orElse(null)));
    }

    /**
     * Saves an account through the migration.
     *
     * @return whether both sides stored it
     * @throws IllegalStateException if the authoritative side did not
     */
    public boolean save(Account account) {
        MigrationWriteResult<Boolean> result = migration.write(FLAG, CONTEXT, MigrationStage.OFF, account);
        MigrationResult<Boolean> authoritative = result.getAuthoritative();
        if (!authoritative.isSuccess()) {
            throw new IllegalStateException(
                    "LaunchDarkly's write failed on the side that decides.",
                    authoritative.getException().orElse(null));
        }
        return result.getNonAuthoritative().map(MigrationResult::isSuccess).orElse(true);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new IllegalStateException("LaunchDarkly's client does not close.", e);
        }
    }

    private static MigrationMethodResult<Boolean> write(PlainAccounts side, Account account) {
        try {
            side.save(account);
            return MigrationMethodResult.Success(true);
        } catch (SQLException e) {
            return MigrationMethodResult.Failure(e);
        }
    }

    private static MigrationStage stageOf(Stage stage) {
        return switch (stage) {
            case LEGACY_ONLY -> MigrationStage.OFF;
            case DUAL_WRITE -> MigrationStage.DUAL_WRITE;
            case SHADOW_READ -> MigrationStage.SHADOW;
            case MODERN_READ -> MigrationStage.LIVE;
            case MODERN_PRIMARY -> MigrationStage.RAMP_DOWN;
            case MODERN_ONLY -> MigrationStage.COMPLETE;
        };
    }
}
