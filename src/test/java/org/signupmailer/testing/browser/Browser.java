package org.signupmailer.testing.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.util.FileSystemUtils;

/**
 * Chromium without a window, with a profile of its own that is gone afterwards. Takes the Chromium and the chromedriver
 * of the machine and fetches nothing. Remembers which hosts the pages asked.
 */
public final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path profile;
    private final ChromeDriver driver;
    private final List<String> asked = new ArrayList<>();

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    /** Why there can be no browser here; empty if there can. */
    public static Optional<String> missing() {
        if (program("chromedriver").isEmpty()) {
            return Optional.of("No chromedriver is in the PATH; on Debian: apt-get install chromium chromium-driver");
        }
        if (chromium().isEmpty()) {
            return Optional.of("No Chromium is in the PATH; on Debian: apt-get install chromium chromium-driver");
        }
        return Optional.empty();
    }

    public static Browser start() {
        try {
            Path profile = Files.createTempDirectory("signup-mailer-browser-");
            ChromeOptions options = new ChromeOptions();
            options.setBinary(chromium().orElseThrow().toString());
            options.addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--hide-scrollbars",
                    "--lang=en",
                    "--user-data-dir=" + profile);
            LoggingPreferences logs = new LoggingPreferences();
            logs.enable(LogType.PERFORMANCE, Level.ALL);
            logs.enable(LogType.BROWSER, Level.ALL);
            options.setCapability("goog:loggingPrefs", logs);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(program("chromedriver").orElseThrow().toFile())
                    .usingAnyFreePort()
                    .build();
            ChromeDriver driver = new ChromeDriver(service, options);
            driver.manage().window().setSize(new Dimension(1440, 900));
            return new Browser(profile, driver);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for the browser's profile", e);
        }
    }

    private static Optional<Path> chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome", "chrome")
                .flatMap(name -> program(name).stream())
                .findFirst();
    }

    private static Optional<Path> program(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(System.getProperty("path.separator")))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public void open(String url) {
        driver.get(url);
    }

    public String url() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** Waits until something that matches is to be seen. */
    public WebElement await(By what) {
        return new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> what + " at " + url() + ":\n" + text())
                .ignoring(StaleElementReferenceException.class)
                .until(driver -> driver.findElements(what).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** Waits until the page shows this text somewhere. */
    public void awaitText(String text) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> "\"" + text + "\" at " + url() + ":\n" + text())
                .until(driver -> text().contains(text));
    }

    /** What can be read on the page. */
    public String text() {
        List<WebElement> bodies = driver.findElements(By.tagName("body"));
        try {
            return bodies.isEmpty() ? "" : bodies.get(0).getText();
        } catch (StaleElementReferenceException e) {
            return "";
        }
    }

    /** Clicks it, again if the page was just being redrawn. */
    public void click(By what) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> "no click on " + what + " at " + url() + ":\n" + text())
                .ignoring(org.openqa.selenium.WebDriverException.class)
                .until(driver -> {
                    await(what).click();
                    return true;
                });
    }

    public List<WebElement> all(By what) {
        return driver.findElements(what);
    }

    public Object script(String javaScript, Object... arguments) {
        return driver.executeScript(javaScript, arguments);
    }

    /** Writes what is to be seen, as PNG. */
    public void screenshot(Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        Files.write(to, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** The addresses that pages have asked so far. */
    public List<String> asked() {
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            String message = entry.getMessage();
            if (message.contains("\"Network.requestWillBeSent\"")) {
                String page = after(message, "\"documentURL\":\"", 0);
                String address = after(message, "\"url\":\"", message.indexOf("\"request\":"));
                // What the browser's own pages ask, such as the one it begins with, and what is written into a page.
                if (!page.startsWith("chrome") && !address.startsWith("data:")) {
                    asked.add(address);
                }
            }
        }
        return List.copyOf(asked);
    }

    private static String after(String message, String key, int from) {
        int start = message.indexOf(key, from) + key.length();
        return message.substring(start, message.indexOf('"', start));
    }

    /** What pages complained about. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        FileSystemUtils.deleteRecursively(profile);
    }
}
