package dev.crossfade.settings;

/**
 * A value that was given for a setting.
 *
 * @param key what it sets
 * @param value the text, not blank
 * @param layer the layer that it came from
 * @param where the place as people find it: a flag, a variable, or file and line
 */
record Setting(SettingKey key, String value, Layer layer, String where) {

    /** The layers that settings come from, the strongest first. */
    enum Layer {
        FLAG,
        ENVIRONMENT,
        FILE
    }

    /** Creates a setting. Blanks around the text count only in a password. */
    static Setting of(SettingKey key, String text, Layer layer, String where) {
        return new Setting(key, key.isSecret() ? text : text.strip(), layer, where);
    }

    /** Tells whether this one overrules the other one. */
    boolean overrules(Setting other) {
        return layer.compareTo(other.layer) < 0;
    }

    /** Leaves out the value, which may be a secret. */
    @Override
    public String toString() {
        return key.property() + " (" + where + ")";
    }
}
