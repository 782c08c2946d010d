#!/usr/bin/env bash
# Turns a freshly unpacked WildFly into one that runs Evenstock. Run it while the server is down; a second
# time changes nothing.
#
#   server-config/wildfly/configure.sh <server home>
#
# JAVA_HOME names the JDK; else java on the path. What is set, and why, stands in configure.cli and in
# server-config/README.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=${1:?usage: configure.sh <server home>}

if [[ ! -x $home/bin/jboss-cli.sh ]]; then
    printf '%s is no WildFly: bin/jboss-cli.sh is missing\n' "$home" >&2
    exit 2
fi
home=$(cd "$home" && pwd)

# The heap and the zone of the log's times come from the environment, as on every server.
conf=$home/bin/standalone.conf
mark='# Evenstock (server-config/wildfly/configure.sh)'
if ! grep -qF "$mark" "$conf"; then
    plain=$(<"$conf")
    {
        printf '%s\n' "$mark"
        printf '%s\n' 'JBOSS_JAVA_SIZING="${EVENSTOCK_JAVA_OPTS:--Xms64m -Xmx512m}"'
        printf '%s\n\n' 'if [ -n "${EVENSTOCK_ZONE:-}" ]; then JBOSS_JAVA_SIZING="$JBOSS_JAVA_SIZING -Duser.timezone=$EVENSTOCK_ZONE"; fi'
        printf '%s\n' "$plain"
    } >"$conf"
fi

# The CLI's own JVM must not inherit what is meant for the server's.
if ! said=$(JAVA_OPTS='' JBOSS_HOME=$home "$home/bin/jboss-cli.sh" --no-color-output --file="$here/configure.cli" 2>&1); then
    printf '%s\n' "$said" >&2
    exit 1
fi
printf 'WildFly in %s is ready for Evenstock\n' "$home"
