package dev.crossfade.flags;

import dev.crossfade.model.InvalidInputException;
import dev.crossfade.model.RecordKey;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which records are read from the modern side in {@code MODERN_READ}.
 *
 * <p>A record's bucket, from 0 to 999, comes from its key or its tenant alone, so it is the same on every instance
 * and in every version of Crossfade, and a higher ramp includes the records of a lower one: the texts are hashed as
 * the JDK specifies for {@link java.util.List#hashCode()} of {@link String#hashCode()}, the bits are spread by {@code
 * fmix32}, the finalizer of Austin Appleby's MurmurHash3, and the remainder of the unsigned division by 1000 is the
 * bucket. A tenant has the bucket of the key that consists of the tenant alone, so entities ramped by user and the
 * users themselves move together.
 *
 * @param perMille how many of the thousand buckets are read from the modern side
 * @param by {@value #KEY}, {@value #TENANT}, or the name of one of the modern key's columns
 * @param tenants tenants that are read from the modern side whatever the share; none when ramped by key
 */
public record Ramp(int perMille, String by, Set<String> tenants) {

    /** Ramps by the whole key. */
    public static final String KEY = "key";

    /** Ramps by the tenant that the service names for a key, see {@code Crossfade.Builder.tenant}. */
    public static final String TENANT = "tenant";

    /** Every record is read from the modern side. */
    public static final Ramp WHOLE = byKey(1000);

    /** No record is read from the modern side. */
    public static final Ramp NONE = byKey(0);

    /**
     * Parameters of the {@code modern-read} flag: the share in per cent, key or tenant, and tenants that are always
     * included.
     */
    static final String SHARE_PARAMETER = "ramp";

    static final String BY_PARAMETER = "by";
    static final String TENANTS_PARAMETER = "tenants";

    private static final int BUCKETS = 1000;

    /** Refuses an invalid share, and a list of tenants for a ramp that is not by tenant. */
    public Ramp {
        requireShare(perMille);
        tenants = Set.copyOf(tenants);
        if (!tenants.isEmpty() && by.equals(KEY)) {
            throw new InvalidInputException(
                    "The ramp names the tenants %s, but goes by key. Set '%s' to the tenant: %s."
                            .formatted(new TreeSet<>(tenants), BY_PARAMETER, "a column of the key, or " + TENANT));
        }
    }

    static void requireShare(int perMille) {
        if (perMille < 0 || perMille > BUCKETS) {
            throw new InvalidInputException("The ramp must be from 0 to 1000 per mille, not " + perMille + ".");
        }
    }

    /** Returns the ramp that takes a share of the keys. */
    public static Ramp byKey(int perMille) {
        return new Ramp(perMille, KEY, Set.of());
    }

    /**
     * Reads the parameters of a flag; blank ones count as not given.
     *
     * @throws InvalidInputException if they are invalid; the message names the parameter and what is allowed
     */
    public static Ramp of(Map<String, String> parameters) {
        parameters.keySet().stream()
                .filter(Predicate.not(Set.of(SHARE_PARAMETER, BY_PARAMETER, TENANTS_PARAMETER)::contains))
                .findAny()
                .ifPresent(unknown -> {
                    throw new InvalidInputException("A ramp has no parameter '%s'; it has %s, %s and %s."
                            .formatted(unknown, SHARE_PARAMETER, BY_PARAMETER, TENANTS_PARAMETER));
                });
        String by = text(parameters, BY_PARAMETER);
        return new Ramp(
                perMille(text(parameters, SHARE_PARAMETER)),
                by.isEmpty() ? KEY : by,
                Arrays.stream(text(parameters, TENANTS_PARAMETER).split(","))
                        .map(String::strip)
                        .filter(Predicate.not(String::isEmpty))
                        .collect(Collectors.toSet()));
    }

    /** Returns the share in per cent, for example {@code 12.5}. */
    public String percent() {
        return BigDecimal.valueOf(perMille, 1).stripTrailingZeros().toPlainString();
    }

    /** Returns the flag's parameters that mean this ramp. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put(SHARE_PARAMETER, percent());
        if (!by.equals(KEY)) {
            parameters.put(BY_PARAMETER, by);
        }
        if (!tenants.isEmpty()) {
            parameters.put(TENANTS_PARAMETER, String.join(",", new TreeSet<>(tenants)));
        }
        return parameters;
    }

    /** Tells whether every record is read from the modern side. */
    public boolean isWhole() {
        return perMille == BUCKETS;
    }

    /** Tells whether no record is read from the modern side. */
    public boolean isNone() {
        return perMille == 0 && tenants.isEmpty();
    }

    /** Tells whether the record with a key is read from the modern side; for ramps by key. */
    public boolean covers(RecordKey key) {
        return bucket(key.values().hashCode()) < perMille;
    }

    /** Tells whether the records of a tenant are read from the modern side; for ramps by tenant. */
    public boolean covers(String tenant) {
        return bucket(31 + tenant.hashCode()) < perMille || tenants.contains(tenant);
    }

    /** Returns the bucket of a key's texts, given their hash. */
    static int bucket(int textsHash) {
        int hash = textsHash;
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        return Integer.remainderUnsigned(hash, BUCKETS);
    }

    /**
     * Makes sure that this ramp is by a value that the entity has.
     *
     * @param names the names other than {@value #KEY} by which the entity can be ramped
     * @throws InvalidInputException if it does not
     */
    public void requireBy(String entity, Set<String> names) {
        if (!by.equals(KEY) && !names.contains(by)) {
            Set<String> allowed = new TreeSet<>(names);
            allowed.add(KEY);
            throw new InvalidInputException(
                    "The ramp of %s goes by '%s', which is not known here; it can go by: %s. A service declares a tenant with `Crossfade.builder().tenant(\"%s\", key -> …)`."
                            .formatted(entity, by, String.join(", ", allowed), entity));
        }
    }

    private static String text(Map<String, String> parameters, String name) {
        String text = parameters.get(name);
        return text == null ? "" : text.strip();
    }

    /**
     * Reads a share in per cent.
     *
     * @return the share in per mille
     * @throws InvalidInputException if it is not from 0 to 100 in steps of 0.1
     */
    public static int perMille(String percent) {
        try {
            int perMille = new BigDecimal(percent).movePointRight(1).intValueExact();
            if (perMille >= 0 && perMille <= BUCKETS) {
                return perMille;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw badShare(percent, e);
        }
        throw badShare(percent, null);
    }

    private static InvalidInputException badShare(String percent, @Nullable Throwable cause) {
        return new InvalidInputException(
                "The ramp '" + percent + "' is not a share from 0 to 100 per cent in steps of 0.1, for example 12.5.",
                cause);
    }
}
