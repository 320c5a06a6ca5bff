/** The development run: everything signup-mailer needs on one machine, and an inbox to look at what it sent. */
@NullMarked
package org.signupmailer.dev;

import org.jspecify.annotations.NullMarked;
