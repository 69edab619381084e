package dev.cordon.audit;

import java.io.IOException;
import java.nio.file.Path;

/** How far each journal came on its way to one receiver. */
interface Places {

  /** The first place of a journal that the receiver does not have; 0 when it has nothing of it. */
  long next(Path log) throws IOException, UsageException;

  /** The receiver has, or does not want, everything before that place. */
  void save(Path log, long next) throws IOException;
}
