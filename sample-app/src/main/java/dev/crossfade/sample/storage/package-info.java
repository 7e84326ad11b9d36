/** What the sample stores and where: the embedded server, the legacy schema, the migrations. Uses Crossfade alone. */
@NullMarked
package dev.crossfade.sample.storage;

import org.jspecify.annotations.NullMarked;
