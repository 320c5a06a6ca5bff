/** Holds what the documentation shows to what the code does: examples are run, tables are compared. */
@NullMarked
package org.signupmailer.docs;

import org.jspecify.annotations.NullMarked;
