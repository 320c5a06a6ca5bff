/** What arrived: the signup event, how it is read from a Kafka record, and what makes it invalid. */
@NullMarked
package org.signupmailer.event;

import org.jspecify.annotations.NullMarked;
