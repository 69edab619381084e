package dev.cordon.journal;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a journal is kept.
 *
 * @param base directory given by the operator; may be shared by services
 * @param service name of the service: first directory below the base, and in every record's
 *     instance
 * @param environment for example {@code production}; empty if not told
 * @param version version of the agent that writes
 * @param clock wall time of the records; may step back, the queue's own never does
 * @param ringRecords records that may wait for the writer before callers are held back
 * @param device how the devices are treated
 * @param seal whether and with which key it is sealed
 * @param evidence null: none is kept
 */
public record JournalOptions(
    Path base,
    String service,
    String environment,
    String version,
    Clock clock,
    int ringRecords,
    DeviceOptions device,
    SealOptions seal,
    @Nullable EvidenceOptions evidence) {

  static final int DEFAULT_RING_RECORDS = 64 * 1024;

  public JournalOptions {
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(seal, "seal");
    service = NameGuard.pathName(service, "service");
    environment = environment.isEmpty() ? "" : NameGuard.pathName(environment, "environment");
    version = NameGuard.pathName(version, "unknown");
    if (ringRecords < 16 || ringRecords > 1 << 20) {
      throw new IllegalArgumentException("ringRecords=" + ringRecords + " is not in 16..1048576");
    }
  }

  public static JournalOptions of(Path base, String service) {
    return new JournalOptions(
        base,
        service,
        "",
        "unknown",
        Clock.systemUTC(),
        DEFAULT_RING_RECORDS,
        DeviceOptions.standard(),
        SealOptions.unsigned(),
        null);
  }

  public JournalOptions withEnvironment(String name) {
    return new JournalOptions(
        base, service, name, version, clock, ringRecords, device, seal, evidence);
  }

  public JournalOptions withVersion(String name) {
    return new JournalOptions(
        base, service, environment, name, clock, ringRecords, device, seal, evidence);
  }

  public JournalOptions withClock(Clock wallClock) {
    return new JournalOptions(
        base, service, environment, version, wallClock, ringRecords, device, seal, evidence);
  }

  public JournalOptions withRingRecords(int records) {
    return new JournalOptions(
        base, service, environment, version, clock, records, device, seal, evidence);
  }

  public JournalOptions withDevice(DeviceOptions how) {
    return new JournalOptions(
        base, service, environment, version, clock, ringRecords, how, seal, evidence);
  }

  public JournalOptions withSeal(SealOptions how) {
    return new JournalOptions(
        base, service, environment, version, clock, ringRecords, device, how, evidence);
  }

  public JournalOptions withEvidence(@Nullable EvidenceOptions how) {
    return new JournalOptions(
        base, service, environment, version, clock, ringRecords, device, seal, how);
  }
}
