package dev.crossfade.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A long test whose shorter relatives are in the default run; it runs with {@code -Ptorture}. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@EnabledIfSystemProperty(
        named = "crossfade.torture.everywhere",
        matches = "true",
        disabledReason = "in the long form alone: -Ptorture")
public @interface LongForm {}
