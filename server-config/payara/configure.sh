#!/usr/bin/env bash
# Turns a freshly unpacked Payara Server into one that runs Evenstock. It starts the domain, sets it up
# and stops it again, so run it while the domain is down; a second time changes nothing.
#
#   server-config/payara/configure.sh <server home> [domain]
#
# The domain is domain1 unless named. What this reads from the environment, as Payara cannot read it
# there with a default when it starts:
#   JAVA_HOME               the JDK; else java on the path
#   EVENSTOCK_HTTP_PORT     where to listen; 8080
#   EVENSTOCK_HTTPS_PORT    8443
#   EVENSTOCK_ZONE          of the log's times
#   EVENSTOCK_HEAP          the heap's limit; 512m
#   EVENSTOCK_TLS_KEYSTORE, EVENSTOCK_TLS_PASSWORD   a PKCS12 file with one key and its certificates;
#                           without, Payara's own certificate for localhost serves
# What is set, and why, stands in server-config/README.md.
set -euo pipefail

home=${1:?usage: configure.sh <server home> [domain]}
domain=${2:-domain1}
asadmin=$home/bin/asadmin

if [[ ! -x $asadmin ]]; then
    printf '%s is no Payara Server: bin/asadmin is missing\n' "$home" >&2
    exit 2
fi
home=$(cd "$home" && pwd)
folder=$home/glassfish/domains/$domain
config=configs.config.server-config
http=$config.network-config
mark=evenstock

# Says nothing unless it fails.
quietly() {
    local said
    if ! said=$("$@" 2>&1 </dev/null); then
        printf '%s\n' "$said" >&2
        return 1
    fi
}
admin() { quietly "$asadmin" --interactive=false "$@"; }

port() { sed -n '/name="admin-listener"/s/.*port="\([0-9]*\)".*/\1/p' "$folder/config/domain.xml" | head -n 1; }

jvm_option() {
    if ! grep -qF "<jvm-options>$1</jvm-options>" <(sed '/name="default-config"/,$d' "$folder/config/domain.xml"); then
        remote create-jvm-options "${1//:/\\:}"
    fi
}

system_property() {
    if ! grep -F "<system-property " "$folder/config/domain.xml" | grep -F "name=\"$1\"" | grep -qF "value=\"$2\""; then
        remote create-system-properties --target server-config "$1=$2"
    fi
}

# Payara keeps its keys in its own store, under its master password (changeit unless it was changed).
import_key() {
    local store=$folder/config/keystore.p12 master=${AS_ADMIN_MASTERPASSWORD:-changeit}
    local from=${EVENSTOCK_TLS_KEYSTORE:?} password=${EVENSTOCK_TLS_PASSWORD:?is needed for EVENSTOCK_TLS_KEYSTORE}
    local keytool=${JAVA_HOME:+$JAVA_HOME/bin/}keytool alias
    export master password
    # The master password is no secret unless it was changed, so the key must not be readable to others.
    chmod 600 "$store"
    alias=$("$keytool" -list -keystore "$from" -storepass:env password | sed -n 's/^\([^,]*\),.*PrivateKeyEntry.*/\1/p')
    quietly "$keytool" -delete -keystore "$store" -storepass:env master -alias "$mark" || true
    quietly "$keytool" -importkeystore -noprompt -srckeystore "$from" -srcstorepass:env password -srcalias "$alias" \
        -destkeystore "$store" -deststorepass:env master -destkeypass:env master -destalias "$mark"
    nickname=$mark
}

# Keys and Payara's own passwords lie there.
chmod 700 "$folder/config"
nickname=s1as
[[ -z ${EVENSTOCK_TLS_KEYSTORE:-} ]] || import_key

admin start-domain "$domain"
trap 'admin stop-domain "$domain"' EXIT
admin_port=$(port)
remote() { admin --port "$admin_port" "$@"; }

# Where to listen.
system_property evenstock.http.port "${EVENSTOCK_HTTP_PORT:-8080}"
system_property evenstock.https.port "${EVENSTOCK_HTTPS_PORT:-8443}"
remote set "$http.network-listeners.network-listener.http-listener-1.port=\${evenstock.http.port}" \
    "$http.network-listeners.network-listener.http-listener-2.port=\${evenstock.https.port}" \
    "$http.protocols.protocol.http-listener-2.ssl.cert-nickname=$nickname"
# As many sales at a time as there are connections (Migration: 32), and room for those who wait; 5 otherwise.
remote set "$config.thread-pools.thread-pool.http-thread-pool.max-thread-pool-size=128"
# A till keeps its connection; otherwise it is closed after 256 requests.
remote set "$http.protocols.protocol.http-listener-1.http.max-connections=-1" \
    "$http.protocols.protocol.http-listener-2.http.max-connections=-1"
# A larger request is refused by Evenstock, which says why.
remote set "$http.protocols.protocol.http-listener-1.http.max-post-size-bytes=-1" \
    "$http.protocols.protocol.http-listener-2.http.max-post-size-bytes=-1"
# Nobody needs these from other machines; JMX would let in whoever knows the admin's password, which is empty when fresh.
remote set "$config.admin-service.jmx-connector.system.address=127.0.0.1"
for listener in orb-listener-1 SSL SSL_MUTUALAUTH; do
    remote set "$config.iiop-service.iiop-listener.$listener.address=127.0.0.1"
done
# Nodes meet in the database, not in a data grid.
remote set-hazelcast-configuration --enabled=false --dynamic=false
# /health, /metrics and /openapi of the server, for those who watch it; no calls to strangers.
remote set-microprofile-healthcheck-configuration --enabled=true --securityenabled=false
remote set-metrics-configuration --enabled=true --securityenabled=false
remote disable-phone-home
# The heap: as on the other servers.
current=$(sed -n '/name="default-config"/q;s/.*<jvm-options>\(-Xmx[^<]*\)<.*/\1/p' "$folder/config/domain.xml")
if [[ $current != "-Xmx${EVENSTOCK_HEAP:-512m}" ]]; then
    [[ -z $current ]] || remote delete-jvm-options "$current"
    remote create-jvm-options "-Xmx${EVENSTOCK_HEAP:-512m}"
fi
[[ -z ${EVENSTOCK_ZONE:-} ]] || jvm_option "-Duser.timezone=$EVENSTOCK_ZONE"

printf 'Payara Server in %s, %s, is ready for Evenstock\n' "$home" "$domain"
