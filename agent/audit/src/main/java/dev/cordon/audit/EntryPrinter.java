package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;

/** How an entry is shown. */
interface EntryPrinter {
  void print(JournalEntry entry);
}
