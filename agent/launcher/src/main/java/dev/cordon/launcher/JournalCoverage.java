package dev.cordon.launcher;

import dev.cordon.enforcement.Recorder;
import dev.cordon.instrumentation.Coverage;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Journals each hook once for each outcome, and tells the operator about the missing ones. */
final class JournalCoverage implements Coverage {

  private final Recorder recorder;
  private final Console console;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  JournalCoverage(Recorder recorder, Console console) {
    this.recorder = recorder;
    this.console = console;
  }

  @Override
  public void installed(String library, String target) {
    if (told.add("+" + target)) {
      append(new JournalRecord(RecordKind.HOOK_INSTALLED), library, target);
    }
  }

  @Override
  public void missing(String library, String target, String why) {
    if (!told.add("-" + target)) {
      return;
    }
    append(new JournalRecord(RecordKind.HOOK_MISSING), library, target);
    // when observing, too: what is not seen there will not be guarded later
    console.say("NOT GUARDED: " + library + ", " + target + ": " + why);
  }

  private void append(JournalRecord record, String library, String target) {
    // a place in the ring or nothing: this is the thread that loads the class
    recorder.append(record.library(library).attribute("hook", target), Level.ACCEPTED, 0);
  }
}
