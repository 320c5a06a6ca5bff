/** The doctor against relays that are ill in every known way. */
@NullMarked
package org.signupmailer.doctor;

import org.jspecify.annotations.NullMarked;
