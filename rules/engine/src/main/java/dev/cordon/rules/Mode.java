package dev.cordon.rules;

/** Whether a decision stops the call or is only journaled. */
public enum Mode {
  ENFORCE,
  OBSERVE
}
