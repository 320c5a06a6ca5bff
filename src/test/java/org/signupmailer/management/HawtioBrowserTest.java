package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.openqa.selenium.By;
import org.signupmailer.testing.MailerProcess;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.browser.Browser;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** An operator's way through Hawtio, in a real browser. Hawtio shows all applications of a process, so this has its own. */
@Execution(ExecutionMode.CONCURRENT)
class HawtioBrowserTest {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private static @Nullable ScriptedSmtpServer first;
    private static @Nullable ScriptedSmtpServer second;
    private static @Nullable SignupMailer mailer;
    private static @Nullable MailerProcess process;
    private @Nullable Browser browser;

    @BeforeAll
    static void start() {
        assumeThat(Browser.missing()).as("a browser on this machine").isEmpty();
        first = ScriptedSmtpServer.start();
        second = ScriptedSmtpServer.start();
        mailer = SignupMailer.with().relay(first).relay(second).prepare();
        process = MailerProcess.start(mailer);
        mailer.awaitReading();
    }

    @AfterAll
    static void stop() {
        if (process != null) {
            process.close();
        }
        if (mailer != null) {
            mailer.close();
        }
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }

    @BeforeEach
    void open() {
        browser = Browser.start();
    }

    @AfterEach
    void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void aWrongLoginIsToldSoARightOneSeesTheMapAndLogsOutAgain() throws Exception {
        SignupMailer mailer = running(HawtioBrowserTest.mailer);
        Browser browser = running(this.browser);

        browser.open(at("/actuator/hawtio/"));
        logIn("not-the-password");
        browser.awaitText("User or password is wrong.");
        browser.screenshot(SCREENSHOTS.resolve("login.png"));
        logIn(mailer.setting("MANAGEMENT_PASSWORD"));

        chooseRoutes();
        for (String relay : new String[] {"primary", "secondary", "tertiary"}) {
            browser.awaitText("(ID: from-" + relay + ")");
            browser.awaitText("(ID: send-" + relay + ")");
        }
        browser.screenshot(SCREENSHOTS.resolve("hawtio-map.png"));
        browser.click(By.xpath("//*[text()='relay-secondary']"));
        browser.click(By.xpath("//*[text()='Attributes']"));
        browser.awaitText("The second relay, SMTP_2_*; what it can't take goes to the third");

        assertThat(browser.asked())
                .as("what pages asked for")
                .hasSizeGreaterThan(20)
                .allMatch(address -> address.startsWith(at("/")));
        assertThat(browser.complaints()).as("but for the refused login").allMatch(line -> line.contains("401"));

        browser.click(By.xpath("//button[contains(., 'admin')]"));
        browser.click(By.xpath("//*[text()='Log out']"));
        browser.awaitText("You are logged out.");
        browser.open(at("/actuator/hawtio/"));
        browser.await(By.name("password"));
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void stoppingTheRouteOfARelayMovesItsMailToTheNextAndStartingItBringsItBack() throws Exception {
        SignupMailer mailer = running(HawtioBrowserTest.mailer);
        ScriptedSmtpServer first = running(HawtioBrowserTest.first);
        ScriptedSmtpServer second = running(HawtioBrowserTest.second);
        Browser browser = running(this.browser);
        int before = first.mailCount();
        mailer.publish(TestEvents.verificationCode());
        first.awaitMails(before + 1, SignupMailer.PATIENCE);
        browser.open(at("/actuator/hawtio/"));
        logIn(mailer.setting("MANAGEMENT_PASSWORD"));
        chooseRoutes();
        browser.click(By.xpath("//*[@role='tab' and normalize-space()='Routes'] | //a[normalize-space()='Routes']"));

        press("Stop", "relay-primary");
        browser.await(By.xpath("//tr[contains(., 'relay-primary') and contains(., 'Stopped')]"));
        int other = second.mailCount();
        mailer.publish(TestEvents.verificationCode());
        second.awaitMails(other + 1, SignupMailer.PATIENCE);
        assertThat(first.mailCount()).isEqualTo(before + 1);

        press("Start", "relay-primary");
        browser.await(By.xpath("//tr[contains(., 'relay-primary') and contains(., 'Started')]"));
        mailer.publish(TestEvents.verificationCode());
        first.awaitMails(before + 2, SignupMailer.PATIENCE);
        assertThat(second.mailCount()).isEqualTo(other + 1);
        assertThat(mailer.deadLetters()).isEmpty();
    }

    private void logIn(String password) {
        Browser browser = running(this.browser);
        browser.await(By.name("username")).sendKeys("admin");
        browser.await(By.name("password")).sendKeys(password);
        browser.click(By.tagName("button"));
    }

    private void chooseRoutes() {
        Browser browser = running(this.browser);
        browser.awaitText("relay-primary");
        browser.click(By.xpath("//*[text()='routes']"));
    }

    private void press(String button, String route) {
        Browser browser = running(this.browser);
        By box = By.xpath("//tr[contains(., '" + route + "')]//input[@type='checkbox']");
        if (!browser.await(box).isSelected()) {
            browser.click(box);
        }
        browser.click(By.xpath("//button[normalize-space()='" + button + "' and not(@disabled)]"));
    }

    private static String at(String path) {
        return "http://localhost:" + running(process).managementPort() + path;
    }

    private static <T> T running(@Nullable T part) {
        return Objects.requireNonNull(part);
    }
}
