package dev.crossfade.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crossfade.model.RecordKey;
import dev.crossfade.model.Side;
import dev.crossfade.queue.PendingKeys.PendingKey;
import dev.crossfade.queue.PendingKeys.Unconfirmed;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PendingKeysTest {

    private static final String USER = "user";

    private final AtomicInteger woken = new AtomicInteger();
    private final PendingKeys pending = new PendingKeys(3, woken::incrementAndGet);

    @Test
    void aKeyIsPendingFromItsNoteUntilItIsApplied() {
        note(1, "a");
        assertThat(woken).hasValue(1);
        assertThat(pending.isPending(USER, key("a"))).isTrue();
        assertThat(pending.isPending(USER, key("b"))).isFalse();
        assertThat(pending.isPending("order", key("a"))).isFalse();
        assertThat(pending.isAnyPending(USER)).isTrue();

        assertThat(pending.take(USER, 10)).containsExactly(work(1, "a"));
        assertThat(pending.isPending(USER, key("a"))).isTrue();
        pending.applied(USER, key("a"));

        assertThat(pending.isPending(USER, key("a"))).isFalse();
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void aKeyThatIsNotedAgainWhileItIsAppliedStaysPendingAndIsTakenAfterwards() {
        note(1, "a");
        pending.take(USER, 10);
        note(2, "a");

        assertThat(pending.take(USER, 10)).isEmpty();
        pending.applied(USER, key("a"));
        assertThat(pending.isPending(USER, key("a"))).isTrue();
        assertThat(pending.take(USER, 10)).containsExactly(work(2, "a"));
    }

    @Test
    void aDeferredKeyKeepsItsIntents() {
        note(1, "a");
        pending.take(USER, 10);
        note(2, "a");
        pending.deferred(USER, key("a"));

        assertThat(pending.take(USER, 10))
                .singleElement()
                .satisfies(work ->
                        assertThat(work.intents()).extracting(Intent::id).containsExactlyInAnyOrder(1L, 2L));
    }

    @Test
    void noMoreIsTakenThanAskedForAndTheOldestFirst() {
        note(1, "a");
        note(2, "b");
        note(3, "c");

        assertThat(pending.take(USER, 2)).extracting(PendingKey::key).containsExactly(key("a"), key("b"));
        assertThat(pending.take(USER, 2)).extracting(PendingKey::key).containsExactly(key("c"));
    }

    @Test
    void aMissedKeyStaysPendingUntilItHasRecovered() {
        note(1, "a");
        pending.take(USER, 10);
        pending.missed(USER, key("a"));

        assertThat(pending.isPending(USER, key("a"))).isTrue();
        assertThat(pending.missedKeys(USER)).containsExactly(key("a"));
        pending.recovered(USER, key("a"));
        assertThat(pending.isEmpty()).isTrue();
    }

    @Test
    void anOpenTransactionOfTheServiceIsPendingUntilItsEndIsKnown() {
        Unconfirmed committed = new Unconfirmed(Side.LEGACY, "7", List.of(intent(1, "a")));
        Unconfirmed rolledBack = new Unconfirmed(Side.LEGACY, "8", List.of(intent(2, "b")));
        pending.notedBy(USER, committed);
        pending.notedBy(USER, rolledBack);

        assertThat(pending.isPending(USER, key("a"))).isTrue();
        assertThat(pending.isPending(USER, key("b"))).isTrue();
        assertThat(pending.take(USER, 10)).isEmpty();
        pending.confirmed(USER, committed, true);
        pending.confirmed(USER, rolledBack, false);

        assertThat(pending.isPending(USER, key("b"))).isFalse();
        assertThat(pending.take(USER, 10)).containsExactly(work(1, "a"));
    }

    @Test
    void pastTheCapacityEveryKeyIsPendingUntilTheTableIsDrained() {
        note(1, "a");
        note(2, "b");
        note(3, "c");
        assertThat(pending.isPending(USER, key("never written"))).isFalse();
        note(4, "d");

        assertThat(pending.overflow(USER)).isGreaterThanOrEqualTo(4);
        assertThat(pending.isPending(USER, key("d"))).isTrue();
        assertThat(pending.isPending(USER, key("never written"))).isTrue();
        pending.take(USER, 10).forEach(work -> pending.applied(USER, work.key()));
        assertThat(pending.isPending(USER, key("d"))).isTrue();
        pending.overflowDrained(USER, pending.overflow(USER));

        assertThat(pending.isEmpty()).isTrue();
        note(5, "e");
        assertThat(pending.isPending(USER, key("a"))).isFalse();
    }

    @Test
    void whatIsNotedWhileTheTableIsDrainedIsNotForgotten() {
        overflow();
        long drained = pending.overflow(USER);
        note(9, "later");
        pending.overflowDrained(USER, drained);
        assertThat(pending.isPending(USER, key("later"))).isTrue();
    }

    @Test
    void anIntentWithALowerNumberThatCommittedLaterIsNotForgottenEither() {
        overflow();
        note(9, "higher");
        long drained = pending.overflow(USER);
        note(8, "lower");
        pending.overflowDrained(USER, drained);
        assertThat(pending.isPending(USER, key("lower"))).isTrue();
    }

    @Test
    void aKeyThatIsDeferredDuringAnOverflowIsCountedIn() {
        overflow();
        pending.take(USER, 10).forEach(work -> pending.deferred(USER, work.key()));

        assertThat(pending.overflow(USER)).isGreaterThanOrEqualTo(4);
        assertThat(pending.isPending(USER, key("a"))).isTrue();
    }

    private void overflow() {
        note(1, "a");
        note(2, "b");
        note(3, "c");
        note(4, "d");
    }

    private void note(long id, String key) {
        pending.noted(USER, List.of(intent(id, key)));
    }

    private static PendingKey work(long id, String key) {
        return new PendingKey(key(key), List.of(intent(id, key)));
    }

    private static Intent intent(long id, String key) {
        return new Intent(id, key(key));
    }

    private static RecordKey key(String text) {
        return RecordKey.of(text);
    }
}
