/**
 * The stage of each entity: Togglz flags as people move them, an immutable snapshot as the routing layer reads it, and
 * the guarded change between stages. Home of Togglz. Uses {@code reconcile}, {@code fleet}, {@code queue},
 * {@code mapping}, {@code control} and {@code model}.
 */
@NullMarked
package dev.crossfade.flags;

import org.jspecify.annotations.NullMarked;
