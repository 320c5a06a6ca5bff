/** Starts signup-mailer; each feature lives in a package of its own. */
@NullMarked
package org.signupmailer;

import org.jspecify.annotations.NullMarked;
