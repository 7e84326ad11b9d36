package dev.crossfade.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The sample service. */
@SpringBootApplication
public class SampleApplication {

    /**
     * Starts the service.
     *
     * @param args Spring Boot's own options
     */
    public static void main(String[] args) {
        SpringApplication.run(SampleApplication.class, args);
    }
}
