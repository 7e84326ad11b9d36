/** The service's HTTP side: settings, wiring, endpoints, errors. */
@NullMarked
package dev.crossfade.sample.web;

import org.jspecify.annotations.NullMarked;
