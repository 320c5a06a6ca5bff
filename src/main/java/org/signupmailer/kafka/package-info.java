/** The brokers: how they are reached, the topics, and records that are written for good before anything goes on. */
@NullMarked
package org.signupmailer.kafka;

import org.jspecify.annotations.NullMarked;
