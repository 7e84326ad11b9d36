package dev.crossfade.sample;

import dev.crossfade.sample.demo.DemoCommand;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The sample service. */
@SpringBootApplication
public class SampleApplication {

    /**
     * Starts the service, or runs the demo and ends.
     *
     * @param args {@code demo} and its options, or Spring Boot's own options
     */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("demo")) {
            System.exit(DemoCommand.run(Arrays.copyOfRange(args, 1, args.length)));
        }
        SpringApplication.run(SampleApplication.class, args);
    }
}
