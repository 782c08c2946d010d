#!/usr/bin/env bash
# Takes the secrets over, makes the folders, and serves.
set -euo pipefail

readonly SECRETS=/run/secrets

# sshd takes private keys that root alone may read, however the secrets were mounted.
install -m 600 "$SECRETS/sftp_host_key" /etc/evenstock/host_key
install -m 644 "$SECRETS/sftp_authorized_keys" /etc/evenstock/authorized_keys
# Without PAM, sshd takes an account without a password hash for a locked one.
usermod -p "$(openssl passwd -6 -stdin <"$SECRETS/sftp_password")" evenstock

chown root:root /srv/sftp
chmod 755 /srv/sftp
for folder in retailpro/reset evenstock/reset evenstock/variance erp/reset; do
    install -d -m 755 "/srv/sftp/${folder%%/*}"
    install -d -o evenstock -g evenstock -m 755 \
        "/srv/sftp/$folder" "/srv/sftp/$folder/archive" "/srv/sftp/$folder/rejected"
done

exec /usr/sbin/sshd -D -e -f /etc/evenstock/sshd_config
