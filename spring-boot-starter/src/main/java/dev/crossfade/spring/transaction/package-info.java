/**
 * Lets repositories join Spring's transactions, and provides a transaction manager that begins each one in the
 * database that is authoritative at that moment. Uses Spring's {@code tx} and {@code jdbc}, and the core's entry,
 * {@code routing} and {@code model}.
 */
@NullMarked
package dev.crossfade.spring.transaction;

import org.jspecify.annotations.NullMarked;
