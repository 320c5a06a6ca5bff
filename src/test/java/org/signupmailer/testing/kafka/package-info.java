/** A real Kafka broker for tests and for the development run. */
@NullMarked
package org.signupmailer.testing.kafka;

import org.jspecify.annotations.NullMarked;
