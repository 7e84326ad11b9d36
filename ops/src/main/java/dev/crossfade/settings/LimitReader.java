package dev.crossfade.settings;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.settings.SettingsReader.Values;
import dev.crossfade.time.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads numbers, durations and names, and collects those that are not valid. */
final class LimitReader {

    private final Values values;
    private final Findings findings;

    LimitReader(Values values, Findings findings) {
        this.values = values;
        this.findings = findings;
    }

    /** Builds limits, whose own exceptions say what is out of range. */
    <T> T checked(String subject, T otherwise, Supplier<T> limits) {
        try {
            return limits.get();
        } catch (InvalidInputException e) {
            String.valueOf(e.getMessage()).lines().forEach(problem -> findings.add(subject, problem));
            return otherwise;
        }
    }

    int number(SettingKey key, int otherwise) {
        return read(
                key,
                otherwise,
                "write a whole number, for example " + otherwise,
                text -> Optional.of(text)
                        .filter(digits -> digits.matches("[0-9]{1,9}"))
                        .map(Integer::valueOf));
    }

    double percent(SettingKey key, double otherwise) {
        return read(
                key,
                otherwise,
                "write a share in per cent, for example " + otherwise,
                text -> Optional.of(text)
                        .filter(digits -> digits.matches("[0-9]{1,3}([.][0-9]{1,6})?"))
                        .map(digits -> new BigDecimal(digits).doubleValue()));
    }

    Duration duration(SettingKey key, Duration otherwise) {
        return read(
                key,
                otherwise,
                "write a number and its unit, for example " + DurationText.EXAMPLES,
                DurationText::parse);
    }

    Set<String> names(SettingKey key) {
        return values.of(key).stream()
                .flatMap(setting -> Arrays.stream(setting.value().split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Returns what {@code parser} makes of a setting, or the other value if nothing valid is set. */
    <T> T read(SettingKey key, T otherwise, String expected, Function<String, Optional<T>> parser) {
        return values.of(key)
                .map(setting -> parser.apply(setting.value()).orElseGet(() -> {
                    findings.add(
                            setting.where(), "%s is '%s'; %s.".formatted(key.property(), setting.value(), expected));
                    return otherwise;
                }))
                .orElse(otherwise);
    }
}
