package org.signupmailer.management;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Which requests need a CSRF token: all that may change something, but for a program's that brings its login with it.
 * A browser also does that, once its user has typed a login into an address; it then says where the request came from.
 */
final class TokenRequired implements RequestMatcher {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public boolean matches(HttpServletRequest request) {
        if (SAFE.contains(request.getMethod())) {
            return false;
        }
        return request.getHeader("Authorization") == null || isFromBrowser(request);
    }

    /** Every browser of these years sends at least one of these with a request that may change something. */
    static boolean isFromBrowser(HttpServletRequest request) {
        return has(request, "Sec-Fetch-Site")
                || has(request, "Sec-Fetch-Mode")
                || has(request, "Origin")
                || has(request, "Referer");
    }

    private static boolean has(HttpServletRequest request, String header) {
        @Nullable String value = request.getHeader(header);
        return value != null;
    }
}
