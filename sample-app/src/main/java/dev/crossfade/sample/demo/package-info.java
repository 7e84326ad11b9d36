/** The demo: a whole migration under load on embedded servers, and the checks that nothing was lost on the way. */
@NullMarked
package dev.crossfade.sample.demo;

import org.jspecify.annotations.NullMarked;
