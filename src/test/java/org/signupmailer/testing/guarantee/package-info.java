/** What must hold whatever goes wrong: guarantees that every scenario is held against. */
@NullMarked
package org.signupmailer.testing.guarantee;

import org.jspecify.annotations.NullMarked;
