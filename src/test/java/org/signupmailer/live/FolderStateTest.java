package org.signupmailer.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What can't be looked at is a change of a folder, unless its name says that it is nobody's template. */
@Execution(ExecutionMode.CONCURRENT)
class FolderStateTest {

    @TempDir
    Path folder;

    private FolderState before;

    @BeforeEach
    void look() throws Exception {
        Files.writeString(folder.resolve("a.ftl"), "one");
        before = seen();
    }

    @Test
    void aHiddenFileThatCannotBeLookedAtIsNoChange() throws Exception {
        linkToTheFolderItself(".kept-by-an-editor");

        assertThat(seen()).isEqualTo(before);
    }

    @Test
    void anyOtherThatCannotBeLookedAtIsAChange() throws Exception {
        linkToTheFolderItself("seen-by-all");

        assertThat(seen()).isNotEqualTo(before);
    }

    private FolderState seen() {
        return FolderState.outside(folder, Edited.TEMPLATES);
    }

    // Whoever follows it comes back to where he was, which a walk through the folder is told as a failure.
    private void linkToTheFolderItself(String name) throws Exception {
        Files.createSymbolicLink(folder.resolve(name), folder);
    }
}
