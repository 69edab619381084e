package dev.cordon.audit;

/** Numbers as people read them. Empty for a negative one, which is none. */
final class Units {

  private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final String[] DURATIONS = {"ns", "us", "ms", "s"};

  private Units() {}

  static String size(long bytes) {
    return scaled(bytes, SIZES);
  }

  static String duration(long ns) {
    return scaled(ns, DURATIONS);
  }

  private static String scaled(long value, String[] units) {
    if (value < 0) {
      return "";
    }
    int unit = 0;
    long tenths = 0;
    long whole = value;
    while (whole >= 1_000 && unit + 1 < units.length) {
      tenths = whole % 1_000 / 100;
      whole /= 1_000;
      unit++;
    }
    return whole + (unit == 0 ? "" : "." + tenths) + units[unit];
  }
}
