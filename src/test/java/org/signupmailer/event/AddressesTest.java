package org.signupmailer.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource(
            value = {
                "ann@example.com|a***@example.com",
                "a@example.com|a***@example.com",
                "пётр@пример.рф|п***@пример.рф",
                "😀x@example.com|😀***@example.com",
                "a@b@example.com|a***@example.com",
                "@example.com|***@example.com",
                "ann@|a***@",
                "ann|a***",
                "''|***",
                "' '|***",
                "@|***@"
            },
            delimiter = '|')
    void onlyTheFirstCharacterAndTheDomainAreShown(String address, String masked) {
        assertThat(Addresses.mask(address)).isEqualTo(masked);
    }

    @Test
    void nothingIsMaskedAsNothing() {
        assertThat(Addresses.mask(null)).isEqualTo("***");
    }

    @Test
    void charactersThatWouldForgeALogLineAreDropped() {
        assertThat(Addresses.mask("\r\n\u202eann@exam\nple\u0000.c\u2028om\ud800 x"))
                .isEqualTo("a***@example.comx");
        assertThat(Addresses.mask("\u0000@example.com")).isEqualTo("***@example.com");
    }

    @Test
    void lengthIsBounded() {
        assertThat(Addresses.mask("x".repeat(1_000_000))).isEqualTo("x***");
        assertThat(Addresses.mask("x@" + "d".repeat(1_000_000))).isEqualTo("x***@" + "d".repeat(80));
    }
}
