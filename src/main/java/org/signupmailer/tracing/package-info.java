/** What became of an event as spans of OpenTelemetry, from its record to the relays' answers; off unless wanted. */
@NullMarked
package org.signupmailer.tracing;

import org.jspecify.annotations.NullMarked;
