/** What commands have in common that read and write topics: settings, reading to the end, times and text for people. */
@NullMarked
package org.signupmailer.topic;

import org.jspecify.annotations.NullMarked;
