package org.signupmailer.live;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Tells of a refused edit in health. It is always up, since mail goes on as before. */
public final class EditHealth implements HealthIndicator {

    private final EditState state;

    public EditHealth(EditState state) {
        this.state = state;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up()
                .withDetail("state", state.words())
                .withDetail("since", state.goodSince().toString());
        if (state.isRefused()) {
            health.withDetail("problems", state.problems());
        }
        return health.build();
    }
}
