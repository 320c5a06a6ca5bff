package org.signupmailer.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a folder looked like at one moment; equal when nothing has changed. */
record FolderState(Map<String, Object> files) {

    /** Equal to none that was looked at. */
    static final FolderState UNKNOWN = new FolderState(Map.of("/", new Object()));

    /** By names, sizes, times and identities; links are followed. */
    static FolderState outside(Path folder, Edited kind) {
        return of(
                folder,
                kind,
                (file, attributes) -> List.of(
                        attributes.size(), attributes.lastModifiedTime(), String.valueOf(attributes.fileKey())));
    }

    /** By contents. */
    static FolderState inside(Path folder, Edited kind) {
        return of(folder, kind, (file, attributes) -> Arrays.hashCode(Files.readAllBytes(file)));
    }

    private interface Look {
        Object at(Path file, BasicFileAttributes attributes) throws IOException;
    }

    private static FolderState of(Path folder, Edited kind, Look look) {
        Walk walk = new Walk(folder, kind, look);
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), kind.depth(), walk);
        } catch (IOException | UncheckedIOException e) {
            walk.files.put("/", String.valueOf(e.getMessage()));
        }
        return new FolderState(walk.files);
    }

    /** Asks the system about each file once: it goes through a folder several times a second, for as long as there is one. */
    private static final class Walk extends SimpleFileVisitor<Path> {

        private final Path folder;
        private final Edited kind;
        private final Look look;
        private final Map<String, Object> files = new TreeMap<>();

        private Walk(Path folder, Edited kind, Look look) {
            this.folder = folder;
            this.kind = kind;
            this.look = look;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            if (directory.equals(folder)) {
                return FileVisitResult.CONTINUE;
            }
            if (isHidden(directory)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            return visitFile(directory, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (kind.counts(file.toString()) && !isHidden(file)) {
                files.put(file.toString(), lookAt(file, attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            // Editors' own files come and go while one looks.
            if (!isHidden(file)) {
                files.put(file.toString(), String.valueOf(failure.getMessage()));
            }
            return FileVisitResult.CONTINUE;
        }

        // Those above it are not, or it would not be visited.
        private boolean isHidden(Path file) {
            return !file.equals(folder) && file.getFileName().toString().startsWith(".");
        }

        private Object lookAt(Path file, BasicFileAttributes attributes) {
            try {
                return look.at(file, attributes);
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    /** Editors and Kubernetes keep their own files under such names. */
    static boolean hidden(@Nullable Path relative) {
        if (relative != null) {
            for (Path name : relative) {
                if (name.toString().startsWith(".")) {
                    return true;
                }
            }
        }
        return false;
    }
}
