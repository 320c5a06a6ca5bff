/** Putting an event onto the topic by hand, and seeing what becomes of it. */
@NullMarked
package org.signupmailer.publish;

import org.jspecify.annotations.NullMarked;
