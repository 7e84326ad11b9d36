package dev.crossfade.sample.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record in the modern shape, as the independent check reads it.
 *
 * @param key its key
 * @param fields its other columns, comparable by equals
 */
record Row(long key, List<@Nullable Object> fields) {}
