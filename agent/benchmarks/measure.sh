#!/usr/bin/env bash
# Prints what the agent costs on this machine: CPU and memory of a start, latency added to calls.
# Usage: bash agent/benchmarks/measure.sh JDK_HOME [start rounds] [latency rounds]
# Everything else on the machine should be quiet; the figures of docs/performance.md come from here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
jdk=${1:?give the home directory of a JDK, 17 or later}

mvn -q -B -ntp -Dmaven.test.skip=true -pl agent/launcher,agent/benchmarks -am \
  package dependency:build-classpath -Dmdep.outputFile=target/classpath.txt

measure() {
  "$jdk/bin/java" -cp "agent/benchmarks/target/classes:$(< agent/benchmarks/target/classpath.txt)" \
    "dev.cordon.benchmarks.$1" agent/launcher/target/cordon-agent.jar "$jdk" "$2" 2> agent/benchmarks/target/stderr.txt
}

"$jdk/bin/java" -version 2>&1 | head -1
measure StartUpCost "${2:-15}"
measure AddedLatency "${3:-5}"
"$jdk/bin/java" -cp "agent/benchmarks/target/classes:$(< agent/benchmarks/target/classpath.txt)" dev.cordon.benchmarks.LoadCost "$jdk" 9
