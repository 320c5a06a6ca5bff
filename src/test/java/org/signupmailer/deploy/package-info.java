/** What is shipped for running the application elsewhere, held to the application: containers, dashboards, alerts. */
@NullMarked
package org.signupmailer.deploy;

import org.jspecify.annotations.NullMarked;
