@NullMarked
package org.signupmailer.delivery;

import org.jspecify.annotations.NullMarked;
