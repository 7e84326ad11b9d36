package dev.crossfade.torture;

import dev.crossfade.testing.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A running {@link TortureService} and its output. */
final class TortureProcess {

    private final Process process;
    private final Thread listener;
    private final Map<Long, Integer> acknowledged = new ConcurrentHashMap<>();
    private final AtomicLong writes = new AtomicLong();
    private final List<Long> generated = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> staleReads = new CopyOnWriteArrayList<>();
    private volatile boolean killed;
    private volatile boolean stopped;

    TortureProcess(World world, long firstKey) throws IOException {
        this.process = TortureService.start(world, firstKey);
        this.listener = new Thread(this::listen, "torture-listener");
        listener.start();
    }

    /** Ends the process without warning. */
    void kill() {
        killed = true;
        process.toHandle().destroyForcibly();
    }

    /** Pauses the process for long enough that the fleet counts it as gone. */
    void standStill(long millis) throws IOException, InterruptedException {
        stopped = true;
        signal("STOP");
        TimeUnit.MILLISECONDS.sleep(millis);
        signal("CONT");
    }

    /** Lets the process finish its current work and end. */
    void end() throws IOException, InterruptedException {
        if (!killed) {
            process.getOutputStream().close();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                failures.add("the process does not end");
                process.destroyForcibly();
            }
        }
        listener.join();
    }

    boolean wasStopped() {
        return stopped;
    }

    /** Returns the last acknowledged version of each of its own keys. */
    Map<Long, Integer> acknowledged() {
        return acknowledged;
    }

    /** Returns how many writes of its own keys were acknowledged. */
    long writes() {
        return writes.get();
    }

    List<Long> generated() {
        return generated;
    }

    List<String> failures() {
        return failures;
    }

    List<String> staleReads() {
        return staleReads;
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 3);
                switch (words[0]) {
                    case "W" -> {
                        acknowledged.put(Long.valueOf(words[1]), Integer.valueOf(words[2]));
                        writes.incrementAndGet();
                    }
                    case "G" -> generated.add(Long.valueOf(words[1]));
                    case "R" -> staleReads.add(line);
                    default -> failures.add(line);
                }
            }
        } catch (IOException e) {
            if (!killed) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
