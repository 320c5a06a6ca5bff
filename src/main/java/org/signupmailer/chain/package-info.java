/** The order of the relays as Camel sees it: the relay: endpoints, and what happens when one's route is stopped. */
@NullMarked
package org.signupmailer.chain;

import org.jspecify.annotations.NullMarked;
