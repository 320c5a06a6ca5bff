package org.signupmailer.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.util.FileSystemUtils;

/**
 * The last good contents of an operators' folder, and what was set aside when one of them was put back. Kept on disk,
 * readable by the owner only, a bounded number of each.
 */
public final class History {

    private static final int MOST = 20;
    private static final String ASIDE = "-aside";
    private static final String UNFINISHED = ".";
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path place;
    private final Path folder;
    private final Edited kind;
    private final Clock clock;

    /**
     * One state of the folder.
     *
     * @param id sorts by time
     * @param good false for what was set aside, which may have been wrong
     */
    public record Entry(String id, boolean good, int files) {

        /** One line about it. */
        String words() {
            return id + "  " + (good ? "good" : "set aside") + ", " + files + (files == 1 ? " file" : " files");
        }
    }

    /**
     * @param place where states are kept; each kind of folder has its own below it
     * @param folder the operators' folder
     * @throws SettingException if the place is within the folder, where it would be read as a part of it
     */
    public History(Edited kind, Path place, Path folder, Clock clock) {
        if (place.toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize())) {
            throw new SettingException("MAILER_HISTORY_DIR is \"" + place + "\", which is within the folder of the "
                    + kind.plural() + "; name one outside of it, such as logs/history.");
        }
        this.place = place.resolve(kind.plural());
        this.folder = folder;
        this.kind = kind;
        this.clock = clock;
    }

    /** Keeps these contents as good, unless they are the newest good ones. */
    public synchronized void keep(SortedMap<String, byte[]> contents) throws IOException {
        List<Entry> good = entries().stream().filter(Entry::good).toList();
        if (good.isEmpty() || !same(read(good.get(0).id()), contents)) {
            write(contents, "");
            bound(true);
        }
    }

    /** What there is, newest first. */
    public synchronized List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (Files.isDirectory(place)) {
            try (Stream<Path> all = Files.list(place)) {
                for (Path one : (Iterable<Path>) all::iterator) {
                    String id = one.getFileName().toString();
                    if (!id.startsWith(UNFINISHED)) {
                        entries.add(new Entry(
                                id,
                                !id.endsWith(ASIDE),
                                contents(one, 10, name -> true).size()));
                    }
                }
            }
        }
        entries.sort(Collections.reverseOrder(Comparator.comparing(Entry::id)));
        return entries;
    }

    /** The newest good state that differs from what is in the folder now; null if there is none. */
    public synchronized @Nullable Entry before() throws IOException {
        SortedMap<String, byte[]> now = contents(folder, kind.depth(), kind::counts);
        for (Entry entry : entries()) {
            if (entry.good() && !same(read(entry.id()), now)) {
                return entry;
            }
        }
        return null;
    }

    /**
     * Puts a state back into the folder, file by file; what was there is set aside in the history first.
     *
     * @return the id of what was set aside
     * @throws SettingException if there is no such state, or the folder can't be written
     */
    public synchronized String putBack(String id) {
        try {
            if (entries().stream().noneMatch(entry -> entry.id().equals(id))) {
                throw new SettingException("There is no state \"" + id + "\" in " + place
                        + "; the command history, or the operation of the same name, lists those that are there.");
            }
            SortedMap<String, byte[]> contents = read(id);
            SortedMap<String, byte[]> now = contents(folder, kind.depth(), kind::counts);
            String aside = write(now, ASIDE);
            for (Map.Entry<String, byte[]> file : contents.entrySet()) {
                replace(folder.resolve(file.getKey()), file.getValue());
            }
            for (String name : now.keySet()) {
                if (!contents.containsKey(name)) {
                    Files.delete(folder.resolve(name));
                }
            }
            bound(false);
            return aside;
        } catch (IOException | UncheckedIOException e) {
            throw new SettingException("The files can't be put back into " + folder + " (" + e.getMessage()
                    + "); let this user write there, or, where the folder is mounted, copy them from "
                    + place.resolve(id) + " to where it comes from.");
        }
    }

    /** Puts back the newest good state that differs from the folder, and says what it did. */
    String undo() {
        try {
            Entry before = before();
            return before == null
                    ? "There is no good state in " + place + " that differs from what " + folder + " holds."
                    : putBackInWords(before.id());
        } catch (IOException e) {
            throw new SettingException("The history in " + place + " can't be read (" + e.getMessage()
                    + "); let this user read it, or correct MAILER_HISTORY_DIR.");
        }
    }

    /** As {@link #putBack}, and says what it did. */
    String putBackInWords(String id) {
        String aside = putBack(id);
        return "Put the state " + id + " back into " + folder + "; what was there is kept as " + aside + ".";
    }

    // In one step, so that nobody reads half a file; in the same folder, as only there it is one step.
    private static void replace(Path file, byte[] content) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("no folder for " + file);
        }
        Files.createDirectories(parent);
        Path temporary = parent.resolve("." + file.getFileName() + ".tmp");
        try {
            Files.write(temporary, content);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private SortedMap<String, byte[]> read(String id) throws IOException {
        return contents(place.resolve(id), 10, name -> true);
    }

    /** Where the states are, for messages. */
    public Path place() {
        return place;
    }

    private String write(SortedMap<String, byte[]> contents, String suffix) throws IOException {
        OwnerOnly.createDirectories(place);
        Instant time = clock.instant();
        String id = ID.format(time) + suffix;
        while (Files.exists(place.resolve(id))) {
            time = time.plusMillis(1);
            id = ID.format(time) + suffix;
        }
        Path unfinished = place.resolve(UNFINISHED + id);
        OwnerOnly.createDirectories(unfinished);
        for (Map.Entry<String, byte[]> file : contents.entrySet()) {
            OwnerOnly.write(unfinished.resolve(file.getKey()), file.getValue());
        }
        Files.move(unfinished, place.resolve(id), StandardCopyOption.ATOMIC_MOVE);
        return id;
    }

    private void bound(boolean good) throws IOException {
        List<Entry> all =
                entries().stream().filter(entry -> entry.good() == good).toList();
        for (Entry old : all.subList(Math.min(MOST, all.size()), all.size())) {
            FileSystemUtils.deleteRecursively(place.resolve(old.id()));
        }
    }

    private static SortedMap<String, byte[]> contents(Path folder, int depth, Predicate<String> counts)
            throws IOException {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Path name = folder.relativize(file);
                if (Files.isRegularFile(file) && counts.test(name.toString()) && !FolderState.hidden(name)) {
                    contents.put(name.toString().replace('\\', '/'), Files.readAllBytes(file));
                }
            }
        }
        return contents;
    }

    private static boolean same(SortedMap<String, byte[]> one, SortedMap<String, byte[]> other) {
        return one.keySet().equals(other.keySet())
                && one.entrySet().stream().allMatch(file -> Arrays.equals(file.getValue(), other.get(file.getKey())));
    }
}
