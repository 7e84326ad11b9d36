package dev.crossfade.sql;

import dev.crossfade.model.CrossfadeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Describes values without revealing them: type, length in characters and a hash that shows whether two values are
 * the same. The salt never leaves this process, so that nobody can find a value by hashing guesses. Thread-safe.
 */
public final class Redaction {

    private static final int SHOWN_BYTES = 4;

    private final byte[] salt = new byte[32];

    public Redaction() {
        new SecureRandom().nextBytes(salt);
    }

    public String of(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        String text = TextValue.of(value);
        return "%s(%s)#%s".formatted(value.getClass().getSimpleName(), text == null ? 0 : text.length(), hash(text));
    }

    private String hash(@Nullable String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            byte[] hash = digest.digest(String.valueOf(text).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new CrossfadeException("This JDK has no SHA-256; shadow reads need it.", e);
        }
    }
}
