package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The compiler is the whole JVM's. */
@Isolated
class CompilerAdviceTest {

    @Test
    void isWhatThisJavaUnderstandsAndKeeps() throws Exception {
        // Another test may have served in this JVM.
        CompilerAdvice.ask("compilerDirectivesClear");
        assertThat(CompilerAdvice.ask("compilerDirectivesPrint")).doesNotContain("org/apache/kafka");

        CompilerAdvice.give();

        assertThat(CompilerAdvice.ask("compilerDirectivesPrint"))
                .contains("org/apache/kafka/*.*")
                .contains("jdk/internal/org/*.*")
                .contains("Exclude:true");
    }
}
