/** Events that no relay took for now, and when they are tried again. */
@NullMarked
package org.signupmailer.retry;

import org.jspecify.annotations.NullMarked;
