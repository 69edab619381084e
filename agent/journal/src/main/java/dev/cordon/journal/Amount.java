package dev.cordon.journal;

/**
 * The money of a call: exact where a rule compared it, else the power of two below it.
 *
 * @param exact false: only the range is known
 * @param currency ISO 4217; empty when it is not known
 * @param thousandths of the currency's unit; of a range its lower end, the upper end is twice that
 */
public record Amount(boolean exact, String currency, long thousandths) {}
