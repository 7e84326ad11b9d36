package dev.crossfade.cli;

/** The version that was built into the jar. */
final class Version {

    private Version() {}

    static String[] lines() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"crossfade " + (version == null ? "development" : version)};
    }
}
