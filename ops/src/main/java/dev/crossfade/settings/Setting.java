package dev.crossfade.settings;

/**
 * A value that someone gave.
 *
 * @param key what it sets
 * @param value the text, not blank
 * @param layer who gave it
 * @param where the place as people find it: a flag, a variable, or file and line
 */
record Setting(SettingKey key, String value, Layer layer, String where) {

    /** The places that settings come from, the strongest first. */
    enum Layer {
        FLAG,
        ENVIRONMENT,
        FILE
    }

    /** Makes a setting; blanks around the text count only in a password. */
    static Setting of(SettingKey key, String text, Layer layer, String where) {
        return new Setting(key, key.isSecret() ? text : text.strip(), layer, where);
    }

    /** Tells whether this one overrules the other one. */
    boolean overrules(Setting other) {
        return layer.compareTo(other.layer) < 0;
    }

    /** Leaves the value out: it may be a secret. */
    @Override
    public String toString() {
        return key.property() + " (" + where + ")";
    }
}
