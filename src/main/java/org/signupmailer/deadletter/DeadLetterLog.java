package org.signupmailer.deadletter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead-letter log: a JSON object a line, readable by its owner only since it holds codes and links. A line is on the
 * disk when {@link #append} returns. A file that has grown to its limit is renamed and a bounded number is kept.
 */
final class DeadLetterLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path file;
    private final long limit;
    private final int kept;
    private final Clock clock;
    private @Nullable FileChannel channel;

    /**
     * @param limit bytes after which a new file is begun
     * @param kept how many full files are kept beside the current one
     */
    DeadLetterLog(Path file, long limit, int kept, Clock clock) {
        this.file = file.toAbsolutePath();
        this.limit = limit;
        this.kept = kept;
        this.clock = clock;
    }

    /** @throws SettingException when the file can't be written: better said at the start than at the first dead letter */
    void check() {
        try {
            open();
        } catch (IOException e) {
            throw new SettingException("MAILER_DEAD_LETTER_FILE is \"" + file + "\", which can't be written ("
                    + e.getClass().getSimpleName()
                    + "); name a file in a folder that this user may write to, such as logs/dead-letter.jsonl.");
        }
    }

    synchronized void append(byte[] json) throws IOException {
        FileChannel open = open();
        long before = open.size();
        if (before > 0 && before + json.length + 1 > limit) {
            rotate();
            open = open();
            before = open.size();
        }
        ByteBuffer line =
                ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
        try {
            while (line.hasRemaining()) {
                open.write(line);
            }
            open.force(false);
        } catch (IOException e) {
            takeBack(open, before);
            throw new IOException("the dead-letter log " + file + " can't be written: " + e.getMessage(), e);
        }
    }

    // Half a line would make the next one unreadable too.
    private void takeBack(FileChannel open, long size) {
        try {
            open.truncate(size);
        } catch (IOException e) {
            LOG.warn("The dead-letter log {} ends in half a line, which could not be taken back", file);
        }
        close();
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        // Gone or moved away by somebody's logrotate: go on in a new one.
        if (open != null && open.isOpen() && Files.exists(file)) {
            return open;
        }
        close();
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (POSIX && !Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else if (POSIX) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        channel = open;
        return open;
    }

    private void rotate() throws IOException {
        close();
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot <= 0 ? name : name.substring(0, dot);
        String ending = dot <= 0 ? "" : name.substring(dot);
        Files.move(file, file.resolveSibling(stem + "-" + STAMP.format(clock.instant()) + ending));
        Path folder = file.getParent();
        if (folder == null) {
            return;
        }
        List<Path> full;
        try (Stream<Path> files = Files.list(folder)) {
            full = files.filter(path -> path.getFileName().toString().startsWith(stem + "-")
                            && path.getFileName().toString().endsWith(ending))
                    .sorted(Comparator.comparing(Path::toString).reversed())
                    .toList();
        }
        for (Path old : full.subList(Math.min(kept, full.size()), full.size())) {
            Files.deleteIfExists(old);
        }
    }

    @Override
    public synchronized void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("Closing the dead-letter log failed; every line in it is on the disk already", e);
            }
        }
    }
}
