#!/usr/bin/env bash
# Makes the secrets that compose.yaml mounts, in docker/secrets/. What is there already stays as it is.
#
# The folder is closed to other users. The files in it are not, because the containers' users must be able
# to read them once they are mounted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 022
install -d -m 700 secrets
cd secrets

password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

make() {
    if [[ ! -e $1 ]]; then
        "$2" >"$1.new"
        mv "$1.new" "$1"
        printf 'made docker/secrets/%s\n' "$1"
    fi
}

# The first API key: evs_ and at least 43 characters.
api_key() { printf 'evs_%s' "$(password)"; }

# Seals the secrets of webhooks in the database.
secrets_key() { head -c 32 /dev/urandom | base64; }

key_pair() {
    if [[ ! -e $1 ]]; then
        ssh-keygen -q -t ed25519 -N '' -C "$2" -f "$1"
        chmod 644 "$1"
        printf 'made docker/secrets/%s\n' "$1"
    fi
}

known_hosts() { printf 'sftp %s\n' "$(cut -d' ' -f1,2 sftp_host_key.pub)"; }
authorized_keys() { cat sftp_user_key.pub; }

make db_password password
make bootstrap_key api_key
make secrets_key secrets_key
make sftp_password password
key_pair sftp_host_key evenstock-sftp
key_pair sftp_user_key evenstock
make sftp_known_hosts known_hosts
make sftp_authorized_keys authorized_keys
