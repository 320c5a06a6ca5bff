/** The record of every ended event, shared by all processes: what keeps an accepted id from being mailed again. */
@NullMarked
package org.signupmailer.ledger;

import org.jspecify.annotations.NullMarked;
