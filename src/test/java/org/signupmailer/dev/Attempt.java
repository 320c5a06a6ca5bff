package org.signupmailer.dev;

/** What one relay answered for one mail. */
record Attempt(String relay, String reply) {}
