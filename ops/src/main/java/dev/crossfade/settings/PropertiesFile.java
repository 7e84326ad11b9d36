package dev.crossfade.settings;

import dev.crossfade.settings.Setting.Layer;
import dev.crossfade.sql.Spelling;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Reads a properties file in UTF-8, and knows the line of each property. */
final class PropertiesFile {

    private final String name;
    private final Findings findings;
    private final Map<SettingKey, Setting> settings = new EnumMap<>(SettingKey.class);

    private PropertiesFile(String name, Findings findings) {
        this.name = name;
        this.findings = findings;
    }

    /**
     * Returns what the file sets; properties without a value set nothing.
     *
     * @param name the file's name in messages
     */
    static Map<SettingKey, Setting> read(Path path, String name, Findings findings) {
        PropertiesFile file = new PropertiesFile(name, findings);
        try {
            file.read(Files.readAllLines(path));
        } catch (CharacterCodingException e) {
            findings.add(name, "the file is not UTF-8 text. Save it as UTF-8.");
        } catch (IOException e) {
            findings.add(name, "the file cannot be read (" + e.getMessage() + ").");
        }
        return file.settings;
    }

    private void read(List<String> lines) {
        StringBuilder property = new StringBuilder();
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (property.isEmpty()) {
                start = i + 1;
                if (isBlankOrComment(line)) {
                    continue;
                }
            }
            property.append(line).append('\n');
            if (!goesOn(line)) {
                add(property.toString(), start);
                property.setLength(0);
            }
        }
        if (!property.isEmpty()) {
            add(property.toString(), start);
        }
    }

    private void add(String text, int line) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            findings.add(where(line), "the line cannot be read: " + e.getMessage());
            return;
        }
        one.stringPropertyNames().forEach(property -> add(property, one.getProperty(property), line));
    }

    private void add(String property, String value, int line) {
        Optional<SettingKey> key = SettingKey.ofProperty(property);
        if (key.isEmpty()) {
            findings.add(where(line), "'%s' is no setting.%s".formatted(property, suggestion(property)));
            return;
        }
        if (value.isBlank()) {
            return;
        }
        Setting before = settings.putIfAbsent(key.get(), Setting.of(key.get(), value, Layer.FILE, where(line)));
        if (before != null) {
            findings.add(where(line), "'%s' is set before, at %s. Keep one.".formatted(property, before.where()));
        }
    }

    private String where(int line) {
        return name + ":" + line;
    }

    private static boolean isBlankOrComment(String line) {
        String text = line.stripLeading();
        return text.isEmpty() || text.startsWith("#") || text.startsWith("!");
    }

    /** Tells whether a line continues on the next one: it ends in an odd number of backslashes. */
    private static boolean goesOn(String line) {
        int backslashes = 0;
        while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }

    private static String suggestion(String property) {
        return " "
                + Spelling.remedy(
                        property,
                        Arrays.stream(SettingKey.values())
                                .map(SettingKey::property)
                                .toList(),
                        "The settings are listed in docs/configuration.md.");
    }
}
