/** A real browser, driven by a test. */
@NullMarked
package org.signupmailer.testing.browser;

import org.jspecify.annotations.NullMarked;
