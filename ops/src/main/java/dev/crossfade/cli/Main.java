package dev.crossfade.cli;

/** Entry point of the command line. */
public final class Main {

    private Main() {}

    /**
     * Prints the version.
     *
     * @param args ignored
     */
    public static void main(String[] args) {
        System.out.println("crossfade " + Main.class.getPackage().getImplementationVersion());
    }
}
