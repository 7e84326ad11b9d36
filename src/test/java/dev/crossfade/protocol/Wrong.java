package dev.crossfade.protocol;

/** Violations at a step that do not show in the rows. */
enum Wrong {
    NOTHING(""),
    STRAYED("a side without a mirror was written"),
    MOVED_BLINDLY("the authority moved over a difference that nothing notes"),
    SPLIT("a side was written under a stage that is known to be out of date"),
    UNMIRRORED("a write without a mirror was committed in a stage that has one"),
    ANOTHER_MAPPING("the authority moved onto rows that another mapping made"),
    LOST_ON_THE_WAY_BACK("the authority went back over a value that legacy cannot give back");

    private final String text;

    Wrong(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
