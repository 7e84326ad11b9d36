package dev.crossfade.benchmarks;

import java.io.IOException;

/** Entry point of the benchmarks. */
public final class Main {

    private Main() {}

    /**
     * Runs JMH.
     *
     * @param args JMH's own options
     * @throws IOException if JMH cannot read its list of benchmarks
     */
    public static void main(String[] args) throws IOException {
        org.openjdk.jmh.Main.main(args);
    }
}
