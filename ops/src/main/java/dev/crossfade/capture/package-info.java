/**
 * Installs, describes and removes capture: triggers that note intents for writers that bypass the service. Uses the
 * core alone.
 *
 * <p>Its public types are public for Crossfade's own packages.
 */
@NullMarked
package dev.crossfade.capture;

import org.jspecify.annotations.NullMarked;
