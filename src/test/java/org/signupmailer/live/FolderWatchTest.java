package org.signupmailer.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whatever way a file changes, it is noticed, and noticed once. */
@Execution(ExecutionMode.CONCURRENT)
class FolderWatchTest {

    @TempDir
    Path folder;

    private final AtomicInteger seen = new AtomicInteger();
    private FolderWatch watch;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("a.camel.yaml"), "one");
        watch = new FolderWatch(Edited.ROUTES, folder, quiet -> {
            seen.incrementAndGet();
            return true;
        });
        watch.start();
        awaitSeen(1);
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void editsRenamesAndRemovalsAreNoticed() throws Exception {
        Files.writeString(folder.resolve("a.camel.yaml"), "two");
        awaitSeen(2);
        Files.writeString(folder.resolve("a.tmp"), "three");
        Files.move(folder.resolve("a.tmp"), folder.resolve("a.camel.yaml"), StandardCopyOption.REPLACE_EXISTING);
        awaitSeen(3);
        Files.move(folder.resolve("a.camel.yaml"), folder.resolve("b.camel.yaml"));
        awaitSeen(4);
        Files.delete(folder.resolve("b.camel.yaml"));
        awaitSeen(5);
    }

    @Test
    void aChangeThatKeepsSizeAndTimeIsNoticed() throws Exception {
        Path file = folder.resolve("a.camel.yaml");
        FileTime time = Files.getLastModifiedTime(file);

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, time);

        awaitSeen(2);
    }

    @Test
    void aMountedConfigMapsSwapIsNoticed() throws Exception {
        for (String version : new String[] {"..v1", "..v2"}) {
            Files.createDirectory(folder.resolve(version));
            Files.writeString(folder.resolve(version).resolve("c.camel.yaml"), version);
        }
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(folder.resolve("c.camel.yaml"), Path.of("..data", "c.camel.yaml"));
        awaitSeen(2);

        Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(folder.resolve("..data_tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        awaitSeen(3);
        assertThat(Files.readString(folder.resolve("c.camel.yaml"))).isEqualTo("..v2");
    }

    @Test
    void severalFilesWithinAMomentAreOneChange() throws Exception {
        for (int i = 0; i < 10; i++) {
            Files.writeString(folder.resolve("f" + i + ".camel.yaml"), "x");
        }

        awaitSeen(2);
        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> seen.get() == 2);
    }

    @Test
    void filesOfEditorsAndOtherEndingsDoNotCount() throws Exception {
        Files.writeString(folder.resolve(".#a.camel.yaml"), "lock");
        Files.writeString(folder.resolve("a.camel.yaml.swp"), "swap");

        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> seen.get() == 1);
    }

    private void awaitSeen(int changes) {
        Awaitility.await(changes + " changes").atMost(Duration.ofSeconds(20)).until(() -> seen.get() == changes);
    }
}
