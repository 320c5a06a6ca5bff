/** The operators' routes folder: what is wrong with it, and how running routes are exchanged for edited ones. */
@NullMarked
package org.signupmailer.route;

import org.jspecify.annotations.NullMarked;
