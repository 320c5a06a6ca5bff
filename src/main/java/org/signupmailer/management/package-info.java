/** What operators see from outside: health, metrics and who may see them. */
@NullMarked
package org.signupmailer.management;

import org.jspecify.annotations.NullMarked;
