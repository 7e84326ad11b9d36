/**
 * Reads the settings: where Crossfade's databases and files are, and its limits. Start at {@code SettingsReader};
 * {@code SettingKey} is everything that can be set.
 *
 * <p>The way of a value: a flag, a variable or a line of the properties file becomes a {@code Setting} that knows
 * where it was given; the strongest one counts; the reader of its group ({@code DatabaseReader}, {@code GateReader},
 * {@code WorkerReader}) builds a record from it, which refuses what is out of range. All errors are reported at once
 * ({@code Findings}).
 *
 * <p>The law of this room: a secret appears in no text, and cannot be given as a flag's value. A service may read its
 * settings here too. Uses {@code schema}, {@code verify} and {@code worker}, whose settings it reads, and the core.
 *
 * <p>For services and operators: {@code Settings}; the other public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.settings;

import org.jspecify.annotations.NullMarked;
