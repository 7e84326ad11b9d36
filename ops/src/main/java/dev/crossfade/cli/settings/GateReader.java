package dev.crossfade.cli.settings;

import dev.crossfade.cli.settings.SettingsReader.Values;
import dev.crossfade.gate.GateSettings;
import dev.crossfade.model.InvalidInputException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Makes the gates' limits out of what was given for them. */
final class GateReader {

    private static final GateSettings DEFAULTS = GateSettings.DEFAULTS;

    private final Values values;
    private final Findings findings;

    GateReader(Values values, Findings findings) {
        this.values = values;
        this.findings = findings;
    }

    GateSettings read() {
        GateSettings.Backlog backlog = checked(
                DEFAULTS.backlog(),
                () -> new GateSettings.Backlog(
                        number(SettingKey.GATE_INTENTS, DEFAULTS.backlog().intents()),
                        number(SettingKey.GATE_MISSED_WRITES, DEFAULTS.backlog().missedWrites()),
                        duration(
                                SettingKey.GATE_OLDEST_INTENT,
                                DEFAULTS.backlog().oldestIntent())));
        GateSettings.Shadow shadow = checked(
                DEFAULTS.shadow(),
                () -> new GateSettings.Shadow(
                        number(SettingKey.GATE_SHADOW_COMPARISONS, (int)
                                DEFAULTS.shadow().comparisons()),
                        percent(
                                SettingKey.GATE_SHADOW_MISMATCH_PERCENT,
                                DEFAULTS.shadow().mismatchPercent()),
                        duration(
                                SettingKey.GATE_SHADOW_WINDOW, DEFAULTS.shadow().window())));
        GateSettings.Replicas replicas = checked(
                DEFAULTS.replicas(),
                () -> new GateSettings.Replicas(
                        names(SettingKey.GATE_REPLICAS_LEGACY),
                        names(SettingKey.GATE_REPLICAS_MODERN),
                        duration(
                                SettingKey.GATE_REPLICAS_PATIENCE,
                                DEFAULTS.replicas().patience())));
        return checked(
                DEFAULTS,
                () -> new GateSettings(
                        backlog,
                        duration(SettingKey.GATE_VERIFICATION_AGE, DEFAULTS.verificationAge()),
                        shadow,
                        replicas,
                        number(SettingKey.GATE_RESTORE_ROWS, DEFAULTS.restoreRows()),
                        duration(SettingKey.GATE_STABLE_FOR, DEFAULTS.stableFor())));
    }

    /** The limits say themselves what is out of their range. */
    private <T> T checked(T otherwise, Supplier<T> limits) {
        try {
            return limits.get();
        } catch (InvalidInputException e) {
            findings.add("gate", String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    private int number(SettingKey key, int otherwise) {
        return read(
                key,
                otherwise,
                "write a whole number, for example " + otherwise,
                text -> Optional.of(text)
                        .filter(digits -> digits.matches("[0-9]{1,9}"))
                        .map(Integer::valueOf));
    }

    private double percent(SettingKey key, double otherwise) {
        return read(
                key,
                otherwise,
                "write a share in per cent, for example " + otherwise,
                text -> Optional.of(text)
                        .filter(digits -> digits.matches("[0-9]{1,3}([.][0-9]{1,6})?"))
                        .map(digits -> new BigDecimal(digits).doubleValue()));
    }

    private Duration duration(SettingKey key, Duration otherwise) {
        return read(
                key,
                otherwise,
                "write a number and its unit, for example " + DurationText.EXAMPLES,
                DurationText::parse);
    }

    private Set<String> names(SettingKey key) {
        return values.of(key).stream()
                .flatMap(setting -> Arrays.stream(setting.value().split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private <T> T read(SettingKey key, T otherwise, String expected, Function<String, Optional<T>> parser) {
        return values.of(key)
                .map(setting -> parser.apply(setting.value()).orElseGet(() -> {
                    findings.add(
                            setting.where(), "%s is '%s'; %s.".formatted(key.property(), setting.value(), expected));
                    return otherwise;
                }))
                .orElse(otherwise);
    }
}
