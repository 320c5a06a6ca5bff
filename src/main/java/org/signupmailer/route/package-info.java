/** The operators' routes folder. */
@NullMarked
package org.signupmailer.route;

import org.jspecify.annotations.NullMarked;
