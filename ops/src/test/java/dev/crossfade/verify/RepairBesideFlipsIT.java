package dev.crossfade.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.testing.OwnThread;
import dev.crossfade.testing.Topology;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifications that repair, and sweeps, while the authority moves back and forth, hot keys are written and somebody
 * damages rows of the mirror. No acknowledged write is lost, and both sides end up equal. Both topologies run at once.
 */
class RepairBesideFlipsIT {

    private static final Logger LOG = LoggerFactory.getLogger(RepairBesideFlipsIT.class);
    private static final Duration LONG = Duration.ofSeconds(Integer.getInteger("crossfade.torture.repair", 30));

    @Test
    void noAcknowledgedWriteIsLostToARepair() throws Exception {
        CompletableFuture<RepairUnderFlips.Outcome> one = run(Topology.ONE_DATABASE);
        CompletableFuture<RepairUnderFlips.Outcome> two = run(Topology.TWO_DATABASES);
        check(one);
        check(two);
    }

    private static CompletableFuture<RepairUnderFlips.Outcome> run(Topology topology) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (RepairUnderFlips run = new RepairUnderFlips(topology)) {
                        return run.run(LONG);
                    }
                },
                OwnThread.EACH);
    }

    private static void check(CompletableFuture<RepairUnderFlips.Outcome> running) throws Exception {
        RepairUnderFlips.Outcome outcome = running.get(LONG.toSeconds() + 240, TimeUnit.SECONDS);
        LOG.info(
                "{} writes, {} flips, {} keys damaged, {} repaired, {} lost.",
                outcome.writes(),
                outcome.flips(),
                outcome.damaged(),
                outcome.repaired(),
                outcome.lost().size());
        assertThat(outcome.lost()).as("%s", outcome).isEmpty();
        assertThat(outcome.differences()).as("%s", outcome).isEmpty();
        assertThat(outcome.flips()).as("%s", outcome).isPositive();
        assertThat(outcome.damaged()).as("%s", outcome).isPositive();
        assertThat(outcome.repaired()).as("%s", outcome).isPositive();
        assertThat(outcome.failures()).as("%s", outcome).isEmpty();
    }
}
