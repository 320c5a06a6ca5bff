/** Faults of relays, brokers and processes, each under load and held against what must hold whatever goes wrong. */
@NullMarked
package org.signupmailer.faults;

import org.jspecify.annotations.NullMarked;
