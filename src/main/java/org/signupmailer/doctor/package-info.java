/** Why a relay does not take mail, and what to do about it. */
@NullMarked
package org.signupmailer.doctor;

import org.jspecify.annotations.NullMarked;
