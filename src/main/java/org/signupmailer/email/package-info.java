/** What will be sent: the mail, its templates, and the renderer that makes one from an event. */
@NullMarked
package org.signupmailer.email;

import org.jspecify.annotations.NullMarked;
