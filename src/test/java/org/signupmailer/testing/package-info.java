/** The real application with a real broker and scripted relays, for tests from one end to the other. */
@NullMarked
package org.signupmailer.testing;

import org.jspecify.annotations.NullMarked;
