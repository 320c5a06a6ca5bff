/** A scripted SMTP relay on a free port, for tests and the development run. */
@NullMarked
package org.signupmailer.testing.smtp;

import org.jspecify.annotations.NullMarked;
