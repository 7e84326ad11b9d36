package dev.crossfade.settings;

import dev.crossfade.gate.GateSettings;

/** Builds the gates' limits from the given values. */
final class GateReader {

    private static final GateSettings DEFAULTS = GateSettings.DEFAULTS;

    private final LimitReader limits;

    GateReader(LimitReader limits) {
        this.limits = limits;
    }

    GateSettings read() {
        GateSettings.Backlog backlog = limits.checked(
                "gate",
                DEFAULTS.backlog(),
                () -> new GateSettings.Backlog(
                        limits.number(
                                SettingKey.GATE_INTENTS, DEFAULTS.backlog().intents()),
                        limits.number(
                                SettingKey.GATE_MISSED_WRITES,
                                DEFAULTS.backlog().missedWrites()),
                        limits.duration(
                                SettingKey.GATE_OLDEST_INTENT,
                                DEFAULTS.backlog().oldestIntent())));
        GateSettings.Shadow shadow = limits.checked(
                "gate",
                DEFAULTS.shadow(),
                () -> new GateSettings.Shadow(
                        limits.number(SettingKey.GATE_SHADOW_COMPARISONS, (int)
                                DEFAULTS.shadow().comparisons()),
                        limits.percent(
                                SettingKey.GATE_SHADOW_MISMATCH_PERCENT,
                                DEFAULTS.shadow().mismatchPercent()),
                        limits.duration(
                                SettingKey.GATE_SHADOW_WINDOW, DEFAULTS.shadow().window())));
        GateSettings.Replicas replicas = limits.checked(
                "gate",
                DEFAULTS.replicas(),
                () -> new GateSettings.Replicas(
                        limits.names(SettingKey.GATE_REPLICAS_LEGACY),
                        limits.names(SettingKey.GATE_REPLICAS_MODERN),
                        limits.duration(
                                SettingKey.GATE_REPLICAS_PATIENCE,
                                DEFAULTS.replicas().patience())));
        return limits.checked(
                "gate",
                DEFAULTS,
                () -> new GateSettings(
                        backlog,
                        limits.duration(SettingKey.GATE_VERIFICATION_AGE, DEFAULTS.verificationAge()),
                        shadow,
                        replicas,
                        limits.number(SettingKey.GATE_RESTORE_ROWS, DEFAULTS.restoreRows()),
                        limits.duration(SettingKey.GATE_STABLE_FOR, DEFAULTS.stableFor()),
                        limits.duration(SettingKey.GATE_TOGETHER_WITHIN, DEFAULTS.togetherWithin())));
    }
}
