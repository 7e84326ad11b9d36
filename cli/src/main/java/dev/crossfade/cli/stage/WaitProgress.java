package dev.crossfade.cli.stage;

import dev.crossfade.cli.invocation.Invocation;
import dev.crossfade.cli.terminal.ProgressLine;
import dev.crossfade.flags.Gate.Closed;
import dev.crossfade.flags.Gate.Outlook;
import dev.crossfade.operate.GateWait;
import dev.crossfade.operate.report.Wording;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reports on standard error what a step waits for: a line with the remedy when a gate is closed, and one when it
 * opens. In between it shows the progress, in a rewritten line on a terminal, every half minute elsewhere. Not
 * thread-safe.
 */
public final class WaitProgress implements GateWait.Listener {

    private static final Duration SELDOM = Duration.ofSeconds(30);
    /** The time over which a rate is measured. */
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final Invocation invocation;
    private final ProgressLine line;
    private final LongSupplier nanoTime;
    private final Map<Place, Trend> known = new LinkedHashMap<>();
    private boolean outage;

    WaitProgress(Invocation invocation, LongSupplier nanoTime) {
        this.invocation = invocation;
        this.line = new ProgressLine(invocation.shell().streams(), SELDOM, nanoTime);
        this.nanoTime = nanoTime;
    }

    private record Place(String entity, String gate) {}

    private record Sample(long at, long left) {}

    /** How a remaining number has changed lately. */
    private static final class Trend {

        private final Deque<Sample> samples = new ArrayDeque<>();

        void add(Sample sample) {
            samples.addLast(sample);
            while (sample.at() - samples.getFirst().at() > WINDOW.toNanos()) {
                samples.removeFirst();
            }
        }

        /** Returns the decrease per second; empty if it is not known or there is none. */
        Optional<Double> rate() {
            if (samples.isEmpty()) {
                return Optional.empty();
            }
            Sample first = samples.getFirst();
            Sample last = samples.getLast();
            double seconds = (last.at() - first.at()) / 1e9;
            return seconds < 1 || last.left() >= first.left()
                    ? Optional.empty()
                    : Optional.of((first.left() - last.left()) / seconds);
        }
    }

    /** Reports what has changed since the last look. */
    @Override
    public void closed(Map<String, Map<String, Closed>> closed) {
        if (outage) {
            outage = false;
            say("The database answers again.");
        }
        Map<Place, Closed> now = new LinkedHashMap<>();
        closed.forEach((entity, gates) -> gates.forEach((gate, reason) -> now.put(new Place(entity, gate), reason)));
        for (Place open : List.copyOf(known.keySet())) {
            if (!now.containsKey(open)) {
                known.remove(open);
                say("Gate '%s' is open for %s now.".formatted(open.gate(), open.entity()));
            }
        }
        List<String> progress = new ArrayList<>();
        now.forEach((place, reason) -> {
            if (!known.containsKey(place)) {
                say("Waiting: gate '%s' is closed for %s: %s %s"
                        .formatted(place.gate(), place.entity(), reason.reason(), reason.remedy()));
            }
            progress.add("%s, %s: %s%s"
                    .formatted(
                            place.entity(),
                            place.gate(),
                            reason.seen(),
                            outlook(known.computeIfAbsent(place, first -> new Trend()), reason)));
        });
        if (!progress.isEmpty()) {
            line.show(String.join("; ", progress));
        }
    }

    /** Reports that the gates cannot be asked at the moment. */
    @Override
    public void outage(String said) {
        if (!outage) {
            outage = true;
            say("The database cannot be used, waiting for it: %s".formatted(said));
        }
    }

    /** Ends the rewritten line. */
    @Override
    public void ended() {
        line.end();
    }

    private void say(String text) {
        line.end();
        invocation.say("%s", text);
    }

    private String outlook(Trend trend, Closed gate) {
        return gate.outlook()
                .map(outlook -> switch (outlook) {
                    case Outlook.Unmeasured none -> "";
                    case Outlook.Timed timed -> ", %s left".formatted(Wording.duration(timed.left()));
                    case Outlook.Countdown countdown -> {
                        trend.add(new Sample(nanoTime.getAsLong(), countdown.left()));
                        yield trend.rate()
                                .map(rate -> String.format(
                                        Locale.ROOT,
                                        ", %,.0f %s/s, about %s left",
                                        rate,
                                        countdown.things(),
                                        Wording.duration(Duration.ofMillis((long) (countdown.left() / rate * 1000)))))
                                .orElse("");
                    }
                })
                .orElse("");
    }
}
