package org.signupmailer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application: with no command it serves. */
@SpringBootApplication
public class SignupMailApplication {

    public static void main(String[] args) {
        SpringApplication.run(SignupMailApplication.class, args);
    }
}
