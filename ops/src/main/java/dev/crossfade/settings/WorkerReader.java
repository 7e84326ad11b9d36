package dev.crossfade.settings;

import dev.crossfade.queue.RetrySettings;
import dev.crossfade.verify.Sweep;
import dev.crossfade.worker.WorkerSettings;
import dev.crossfade.worker.WorkerSettings.Draining;
import dev.crossfade.worker.WorkerSettings.Keeping;
import dev.crossfade.worker.WorkerSettings.Running;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Builds the worker's settings from the given values. */
final class WorkerReader {

    private static final String SUBJECT = "worker";
    private static final WorkerSettings DEFAULTS = WorkerSettings.DEFAULTS;
    private static final Pattern ADDRESS = Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[^:/\\s]+):)?([0-9]{1,5})");
    private static final int LAST_PORT = 65_535;

    private final LimitReader limits;

    WorkerReader(LimitReader limits) {
        this.limits = limits;
    }

    WorkerSettings read() {
        Draining draining = limits.checked(
                SUBJECT,
                DEFAULTS.draining(),
                () -> new Draining(
                        limits.duration(
                                SettingKey.WORKER_INTERVAL, DEFAULTS.draining().interval()),
                        limits.duration(
                                SettingKey.WORKER_GRACE, DEFAULTS.draining().grace()),
                        limits.number(
                                SettingKey.WORKER_LANES, DEFAULTS.draining().lanes())));
        Optional<InetSocketAddress> http = limits.read(
                SettingKey.WORKER_HTTP,
                DEFAULTS.running().http(),
                "write a port, or a host and a port, for example 9464 or 0.0.0.0:9464",
                text -> address(text).map(Optional::of));
        Running running = limits.checked(
                SUBJECT,
                DEFAULTS.running(),
                () -> new Running(
                        limits.number(
                                SettingKey.WORKER_THREADS, DEFAULTS.running().threads()),
                        limits.duration(
                                SettingKey.WORKER_HEARTBEAT, DEFAULTS.running().heartbeat()),
                        limits.duration(
                                SettingKey.WORKER_STOP_WITHIN,
                                DEFAULTS.running().stopWithin()),
                        http));
        Sweep.Settings sweeping = limits.checked(
                SUBJECT,
                DEFAULTS.sweeping(),
                () -> new Sweep.Settings(
                        limits.number(
                                SettingKey.WORKER_SWEEP_ROWS_PER_SECOND,
                                DEFAULTS.sweeping().rowsPerSecond()),
                        limits.duration(
                                SettingKey.WORKER_SWEEP_INTERVAL,
                                DEFAULTS.sweeping().interval())));
        Keeping keeping = limits.checked(
                SUBJECT,
                DEFAULTS.keeping(),
                () -> new Keeping(
                        limits.duration(
                                SettingKey.WORKER_KEEP_AGE, DEFAULTS.keeping().age()),
                        limits.number(
                                SettingKey.WORKER_KEEP_COUNT, DEFAULTS.keeping().count())));
        RetrySettings retries = limits.checked(
                SUBJECT,
                DEFAULTS.retries(),
                () -> new RetrySettings(
                        limits.number(
                                SettingKey.WORKER_RETRY_ATTEMPTS,
                                DEFAULTS.retries().attempts()),
                        limits.duration(
                                SettingKey.WORKER_RETRY_FIRST_PAUSE,
                                DEFAULTS.retries().firstPause()),
                        limits.duration(
                                SettingKey.WORKER_RETRY_LONGEST_PAUSE,
                                DEFAULTS.retries().longestPause()),
                        limits.duration(
                                SettingKey.WORKER_RETRY_PARENT_PATIENCE,
                                DEFAULTS.retries().parentPatience())));
        return new WorkerSettings(draining, running, sweeping, keeping, retries);
    }

    /** Returns the address. Without a host it is this machine's own, which nobody else can reach. */
    private static Optional<InetSocketAddress> address(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches() || Integer.parseInt(address.group(2)) > LAST_PORT) {
            return Optional.empty();
        }
        int port = Integer.parseInt(address.group(2));
        return Optional.of(
                address.group(1) == null
                        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                        : InetSocketAddress.createUnresolved(address.group(1).replaceAll("[\\[\\]]", ""), port));
    }
}
