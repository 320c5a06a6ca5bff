/** What operators edit on a running system: noticing it, the last good state, and the way back. */
@NullMarked
package org.signupmailer.live;

import org.jspecify.annotations.NullMarked;
