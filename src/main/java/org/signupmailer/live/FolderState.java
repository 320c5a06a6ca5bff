package org.signupmailer.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a folder looked like at one moment; equal when nothing has changed. */
record FolderState(Map<String, Object> files) {

    /** Equal to none that was looked at. */
    static final FolderState UNKNOWN = new FolderState(Map.of("/", new Object()));

    /** By names, sizes, times and identities; links are followed. */
    static FolderState outside(Path folder, Edited kind) {
        return of(folder, kind, file -> {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.size(), attributes.lastModifiedTime(), String.valueOf(attributes.fileKey()));
        });
    }

    /** By contents. */
    static FolderState inside(Path folder, Edited kind) {
        return of(folder, kind, file -> Arrays.hashCode(Files.readAllBytes(file)));
    }

    private interface Look {
        Object at(Path file) throws IOException;
    }

    private static FolderState of(Path folder, Edited kind, Look look) {
        Map<String, Object> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder, kind.depth(), FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Path name = folder.relativize(file);
                if (kind.counts(name.toString()) && !hidden(name)) {
                    files.put(name.toString(), lookAt(file, look));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            files.put("/", String.valueOf(e.getMessage()));
        }
        return new FolderState(files);
    }

    private static Object lookAt(Path file, Look look) {
        try {
            return look.at(file);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
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
