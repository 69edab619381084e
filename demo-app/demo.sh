#!/usr/bin/env bash
# Builds Cordon and runs the demo: the same services once without and once with the agent.
# Needs a JDK 17 or later, and Maven. Ends with 0 only if what it shows is what it claims.
#   demo-app/demo.sh              build (without tests), then run
#   demo-app/demo.sh --no-build   run what was built before
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  echo "demo: $*" >&2
  exit 2
}

java=java
if [[ -n "${JAVA_HOME:-}" ]]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" > /dev/null || fail "no java found; install a JDK 17 or later, or set JAVA_HOME"
release=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java\.specification\.version = //p')
[[ "$release" =~ ^[0-9]+$ && "$release" -ge 17 ]] || fail "Java $release is too old; Cordon needs 17 or later"

if [[ "${1:-}" != --no-build ]]; then
  command -v mvn > /dev/null || fail "no mvn found; install Maven 3.8 or later"
  echo "Building (the first time downloads the libraries) ..."
  mvn -q -B -ntp -Dmaven.test.skip -Dspotless.check.skip -pl demo-app,agent/launcher,agent/audit -am package \
    || fail "the build failed; its messages stand above"
fi

agent=agent/launcher/target/cordon-agent.jar
cli=agent/audit/target/cordon.jar
app=demo-app/target/cordon-demo-app.jar
for jar in "$agent" "$cli" "$app"; do
  [[ -f "$jar" ]] || fail "$jar is missing; run demo-app/demo.sh without --no-build"
done

# exec: a signal to this script reaches the program, which ends what it started.
exec "$java" -jar "$app" demo --agent "$agent" --cli "$cli" --app "$app" \
  --rules demo-app/rules --inbox demo-app/messages.json --work demo-app/target/demo
