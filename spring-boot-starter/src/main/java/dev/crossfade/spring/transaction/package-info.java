/**
 * Repositories in Spring's transactions: how they join the one that is open on a thread, and a transaction manager that
 * begins each in the database that is authoritative at its moment. Uses Spring's {@code tx} and {@code jdbc}, and the
 * core's entry, {@code routing} and {@code model}.
 */
@NullMarked
package dev.crossfade.spring.transaction;

import org.jspecify.annotations.NullMarked;
