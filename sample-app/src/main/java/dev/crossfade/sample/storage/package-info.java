/**
 * The sample's storage: the embedded server, the legacy schema, the migrations, normal forms and partial updates. Uses
 * Crossfade and the generated repositories alone.
 */
@NullMarked
package dev.crossfade.sample.storage;

import org.jspecify.annotations.NullMarked;
