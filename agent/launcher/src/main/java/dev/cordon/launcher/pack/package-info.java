/**
 * Lays out the agent jar at build time; not part of it. Run by the launcher's pom.xml.
 *
 * <p>Public: {@link dev.cordon.launcher.pack.AgentImage}, because the build starts it by name.
 */
@NullMarked
package dev.cordon.launcher.pack;

import org.jspecify.annotations.NullMarked;
