/** How a mail leaves: relays, what is known about their providers, and what their answers mean. */
@NullMarked
package org.signupmailer.relay;

import org.jspecify.annotations.NullMarked;
