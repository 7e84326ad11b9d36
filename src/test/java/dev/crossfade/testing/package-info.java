/**
 * PostgreSQL for tests: a shared server, fresh databases on it, and a server that can be stopped. Other modules use it
 * through this module's test jar. Uses {@code control} and {@code model}.
 */
@NullMarked
package dev.crossfade.testing;

import org.jspecify.annotations.NullMarked;
