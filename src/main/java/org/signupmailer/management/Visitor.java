package org.signupmailer.management;

import org.jspecify.annotations.Nullable;

/**
 * Who tries to log in.
 *
 * @param address remote address as the connection has it; what a proxy says in a header can be made up
 * @param device  a browser that has logged in before, by its cookie; null if it has none that is ours
 */
record Visitor(String address, @Nullable String device) {}
