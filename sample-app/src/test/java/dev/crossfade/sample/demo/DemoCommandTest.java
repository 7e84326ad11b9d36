package dev.crossfade.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rows=10",
                "--rows=many",
                "--writers=0",
                "--topology=three-databases",
                "--output=xml",
                "--seed=x",
                "--nonsense"
            })
    void wrongUseEndsWithExitCode2(String option) {
        assertThat(DemoCommand.run(option)).isEqualTo(2);
    }

    @Test
    void helpIsNoError() {
        assertThat(DemoCommand.run("--help")).isZero();
    }
}
