/** Brings signup events in from Kafka: reading ahead, one recipient's events in order, offsets committed behind ended events. */
@NullMarked
package org.signupmailer.intake;

import org.jspecify.annotations.NullMarked;
