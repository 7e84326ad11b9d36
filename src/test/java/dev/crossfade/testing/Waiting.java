package dev.crossfade.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The rule that only the room {@code dev.crossfade.time} waits and creates threads. */
public final class Waiting {

    private static final Map<String, Set<String>> WAYS = Map.of(
            Thread.class.getName(), Set.of("sleep", "<init>", "ofPlatform", "ofVirtual", "startVirtualThread", "yield"),
            TimeUnit.class.getName(), Set.of("sleep"),
            LockSupport.class.getName(), Set.of("park", "parkNanos", "parkUntil"));

    private Waiting() {}

    /**
     * Creates the rule.
     *
     * @param exceptions packages and classes that may
     */
    public static ArchRule elsewhereThan(String... exceptions) {
        return noClasses()
                .that(describe("are elsewhere", found -> !isOneOf(found, exceptions)))
                .should()
                .accessTargetWhere(describe("a thread is made or put to sleep", Waiting::isAWay));
    }

    private static boolean isOneOf(JavaClass found, String... exceptions) {
        return Arrays.stream(exceptions)
                .anyMatch(one ->
                        found.getPackageName().equals(one) || found.getName().equals(one));
    }

    private static boolean isAWay(JavaAccess<?> access) {
        return WAYS.getOrDefault(access.getTargetOwner().getName(), Set.of())
                .contains(access.getTarget().getName());
    }
}
