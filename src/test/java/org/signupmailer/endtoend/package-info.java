/** From a record on a real broker to what real SMTP conversations hand over. */
@NullMarked
package org.signupmailer.endtoend;

import org.jspecify.annotations.NullMarked;
