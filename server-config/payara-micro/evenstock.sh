#!/usr/bin/env bash
# Serves the WAR on Payara Micro until SIGTERM or Ctrl-C. The settings are the EVENSTOCK_… variables of
# the environment (docs/settings.md).
#
#   server-config/payara-micro/evenstock.sh [evenstock.war [payara-micro.jar]]
#
# Without arguments it serves what `mvn package` has built. Besides the settings it reads
#   JAVA_HOME             the JRE to use, 17 or later; else java on the path
#   EVENSTOCK_HTTP_PORT   where to listen; 8080
#   EVENSTOCK_HTTPS_PORT  where to listen for TLS, too; nowhere. EVENSTOCK_TLS_KEYSTORE (PKCS12) and EVENSTOCK_TLS_PASSWORD
#                         bring key and certificate; else Payara makes do with its own, which nobody trusts
#   EVENSTOCK_JAVA_OPTS   options for the JVM; -Xmx512m
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$here/../../src/target
war=${1:-$built/evenstock.war}
payara=${2:-$built/server/payara-micro.jar}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
read -ra options <<<"${EVENSTOCK_JAVA_OPTS:--Xmx512m}"

for file in "$war" "$payara"; do
    if [[ ! -r $file ]]; then
        printf '%s cannot be read; build it with: mvn package\n' "$file" >&2
        exit 2
    fi
done

# The log's times are then the business's, and its timers need no replacing.
if [[ -n ${EVENSTOCK_ZONE:-} ]]; then
    options+=("-Duser.timezone=$EVENSTOCK_ZONE")
fi

# Payara Micro would deploy again what it finds in a root folder that was used before: a new one each
# time. In it the JVM keeps its temporary files, too; what Evenstock itself keeps must not go with them.
export EVENSTOCK_WORK_DIR=${EVENSTOCK_WORK_DIR:-${TMPDIR:-/tmp}/evenstock}
root=$(mktemp -d "${TMPDIR:-/tmp}/evenstock-payara.XXXXXXXX")
server=
clean_up() {
    local code=$?
    trap '' INT TERM HUP
    if [[ -n $server ]] && kill "$server" 2>/dev/null; then
        wait "$server" || true
    fi
    rm -rf -- "$root"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir "$root/tmp"
listen=(--port "${EVENSTOCK_HTTP_PORT:-8080}")
if [[ -n ${EVENSTOCK_HTTPS_PORT:-} ]]; then
    listen+=(--sslport "$EVENSTOCK_HTTPS_PORT")
fi
if [[ -n ${EVENSTOCK_TLS_KEYSTORE:-} ]]; then
    # In a file of our own: the list of processes shows a command's arguments to everybody.
    for option in "keyStore=$EVENSTOCK_TLS_KEYSTORE" "keyStorePassword=${EVENSTOCK_TLS_PASSWORD:-}"; do
        option=${option//\\/\\\\}
        printf '"-Djavax.net.ssl.%s"\n' "${option//\"/\\\"}" >>"$root/tls"
    done
    options+=("@$root/tls")
    alias=$("${JAVA_HOME:+$JAVA_HOME/bin/}keytool" -list -keystore "$EVENSTOCK_TLS_KEYSTORE" \
        -storepass:env EVENSTOCK_TLS_PASSWORD | sed -n 's/, .*PrivateKeyEntry.*//p' | head -n 1)
    listen+=(--sslcert "${alias:?there is no private key in $EVENSTOCK_TLS_KEYSTORE, or the password is wrong}")
fi
# In the background, or a signal to this script would wait for the server's end.
"$java" "${options[@]}" -Djava.io.tmpdir="$root/tmp" -jar "$payara" \
    --nocluster --nohazelcast --disablephonehome \
    "${listen[@]}" --contextroot / --rootdir "$root" \
    --prebootcommandfile "$here/boot-commands.txt" --deploy "$war" &
server=$!
wait "$server"
