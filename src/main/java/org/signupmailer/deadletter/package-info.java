/** Events that will not be sent: the topic and the log they go to. */
@NullMarked
package org.signupmailer.deadletter;

import org.jspecify.annotations.NullMarked;
