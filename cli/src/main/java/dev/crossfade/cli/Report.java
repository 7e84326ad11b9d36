package dev.crossfade.cli;

/** What a command answers: a record whose components are the JSON form, and which can print itself as text. */
interface Report {

    /** Prints the text form. */
    void print(Page page);
}
