package dev.cordon.instrumentation;

import java.util.List;

/**
 * One method to weave.
 *
 * @param className internal name of the class that declares it, as {@code
 *     okhttp3/internal/http/BridgeInterceptor}
 * @param method its name; constructors cannot be woven
 * @param descriptor its descriptor
 * @param hookClass binary name of the {@link dev.cordon.bootstrap.Hook} that runs in its place: a
 *     class with a constructor without parameters, in the library's adapter package
 * @param requires members the hook relies on; when one is absent, the class is left alone and the
 *     gap is reported
 * @param optional true when versions without this method are sound: its absence is not a gap
 * @param lean true for a method with one parameter, of a reference type, whose hook is called for
 *     every log line: the argument array is the thread's own and is used again, so the hook must
 *     read it before it proceeds and never after
 */
public record Target(
    String className,
    String method,
    String descriptor,
    String hookClass,
    List<Member> requires,
    boolean optional,
    boolean lean) {

  /**
   * A field or method that a hook uses.
   *
   * @param owner internal name of the declaring class
   * @param descriptor begins with a parenthesis for a method
   */
  public record Member(String owner, String name, String descriptor) {
    boolean isMethod() {
      return descriptor.startsWith("(");
    }

    @Override
    public String toString() {
      return owner.replace('/', '.') + "." + name + (isMethod() ? descriptor : ":" + descriptor);
    }
  }

  public Target {
    if (method.startsWith("<")) {
      throw new IllegalArgumentException("constructors are not woven: " + className);
    }
    if (className.indexOf('.') >= 0 || hookClass.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "want an internal class name and a binary hook name: " + className + ", " + hookClass);
    }
    if (lean && !descriptor.matches("\\((L[^;]*;|\\[[^)]*)\\).*")) {
      throw new IllegalArgumentException(
          "lean wants one parameter, of a reference type: " + method);
    }
    requires = List.copyOf(requires);
  }

  public Target(
      String className,
      String method,
      String descriptor,
      String hookClass,
      List<Member> requires,
      boolean optional) {
    this(className, method, descriptor, hookClass, requires, optional, false);
  }

  /** A method that has to be there, with a hook that relies on nothing but public types. */
  public static Target of(String className, String method, String descriptor, String hookClass) {
    return new Target(className, method, descriptor, hookClass, List.of(), false);
  }

  /**
   * Named in the journal and in messages: {@code
   * okhttp3.internal.http.BridgeInterceptor#intercept}.
   */
  public String name() {
    return className.replace('/', '.') + "#" + method;
  }
}
