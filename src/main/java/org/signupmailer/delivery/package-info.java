/** What happens to one event between its arrival and its end. */
@NullMarked
package org.signupmailer.delivery;

import org.jspecify.annotations.NullMarked;
