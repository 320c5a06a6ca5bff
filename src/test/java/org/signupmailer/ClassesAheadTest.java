package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassesAheadTest {

    private static final List<String> INITIALIZED = new ArrayList<>();

    static class One {
        static {
            INITIALIZED.add("One");
        }
    }

    static class Other {
        static {
            INITIALIZED.add("Other");
        }
    }

    @Test
    void itLoadsWhatIsNamedInItsOrderAndInitializesNothing() throws Exception {
        try (Asked loader = new Asked()) {
            ClassesAhead.load(names(One.class.getName(), Other.class.getName()), loader);

            assertThat(loader.names).containsExactly(One.class.getName(), Other.class.getName());
            assertThat(INITIALIZED).isEmpty();
        }
    }

    @Test
    void aNameThatIsNoLongerThereIsPassedOver() throws Exception {
        try (Asked loader = new Asked()) {
            assertThatCode(() -> ClassesAhead.load(names("org.example.Gone", "", One.class.getName()), loader))
                    .doesNotThrowAnyException();

            assertThat(loader.names).last().isEqualTo(One.class.getName());
        }
    }

    private static InputStream names(String... names) {
        return new ByteArrayInputStream(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
    }

    /** Knows what it was asked for. */
    private static final class Asked extends URLClassLoader {

        private final List<String> names = new ArrayList<>();

        private Asked() {
            super(new URL[0], ClassesAheadTest.class.getClassLoader());
        }

        @Override
        public Class<?> loadClass(String name) throws ClassNotFoundException {
            names.add(name);
            return super.loadClass(name);
        }
    }
}
