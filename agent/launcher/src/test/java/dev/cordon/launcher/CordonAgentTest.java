package dev.cordon.launcher;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class CordonAgentTest {

  @Test
  void toolsOfTheJdkAreRecognised() {
    assertTrue(
        CordonAgent.isJdkTool("jdk.compiler", "jdk.compiler/com.sun.tools.javac.Main A.java"));
    assertTrue(CordonAgent.isJdkTool("jdk.jcmd", "jdk.jcmd/sun.tools.jcmd.JCmd -l"));
    assertTrue(CordonAgent.isJdkTool("java.base", "java.base/sun.security.tools.keytool.Main"));
    assertTrue(
        CordonAgent.isJdkTool(
            "java.scripting", "java.scripting/com.sun.tools.script.shell.Main -e 1"));
    assertTrue(CordonAgent.isJdkTool("java.rmi", "java.rmi/sun.rmi.registry.RegistryImpl"));
  }

  @Test
  void whatRunsCodeOfTheUserIsNoTool() {
    assertFalse(CordonAgent.isJdkTool(null, "service.jar --port 80"));
    assertFalse(CordonAgent.isJdkTool(null, "com.example.Main"));
    assertFalse(CordonAgent.isJdkTool(null, null), "a JVM started through JNI");
    assertFalse(CordonAgent.isJdkTool("crm", "crm/com.example.Main"));
    assertFalse(CordonAgent.isJdkTool("jdk.compiler", "jdk.compiler.jar"));
    assertFalse(
        CordonAgent.isJdkTool(
            "jdk.compiler", "jdk.compiler/com.sun.tools.javac.launcher.Main Service.java"));
    assertFalse(
        CordonAgent.isJdkTool(
            null, "jdk.compiler/com.sun.tools.javac.launcher.SourceLauncher Service.java"));
  }

  @Test
  void theJavaCommandWithoutAProgramHasNoApplication() {
    assertTrue(CordonAgent.isWithoutApplication("SUN_STANDARD", null));
    assertFalse(CordonAgent.isWithoutApplication("SUN_STANDARD", "com.example.Main"));
    assertFalse(CordonAgent.isWithoutApplication(null, null), "a JVM started through JNI");
  }
}
