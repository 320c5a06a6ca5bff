/** Where settings come from, and how a bad one is said in one sentence. */
@NullMarked
package org.signupmailer.settings;

import org.jspecify.annotations.NullMarked;
