package dev.crossfade.control;

/** What a server or driver said, in a form fit for an operator: one line, without the statement that jOOQ quotes. */
public final class ServerMessage {

    private ServerMessage() {}

    /** Returns the first line of the deepest cause's message, or the cause's type where it says nothing. */
    public static String of(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null || message.isBlank()
                ? deepest.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
