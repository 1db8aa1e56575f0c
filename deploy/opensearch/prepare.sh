#!/usr/bin/env bash
# Makes what compose.opensearch.yaml needs and no repository may hold: an authority, a certificate for each node and
# one for the administrator, the password of the user kilde, and its hash for OpenSearch.
#
#   sudo ./prepare.sh [FOLDER]        (FOLDER: ./secrets)
#
# What is there already is kept, so that it may be called again: delete a file to have it made anew. No password is
# ever an argument of a program or printed. HASH names the program that reads a password and prints its bcrypt hash;
# that of OpenSearch's own image unless it is set.
set -euo pipefail
umask 077

here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/secrets}
image=${OPENSEARCH_IMAGE:-opensearchproject/opensearch:3.8.0}
node_user=${NODE_USER:-1000}
kilde_user=${KILDE_USER:-10001}
days=825
nodes=(search1 search2 search3)

# hash.sh takes the password from a variable that nobody outside of its container sees.
hash_password() {
  docker run --rm --interactive --entrypoint bash "$image" -c \
    'IFS= read -r SECRET; export SECRET; exec plugins/opensearch-security/tools/hash.sh -env SECRET' | tail -n 1
}

# A key and a certificate that the authority signs: its folder, its name, what else the certificate says.
signed() {
  local into=$1 file=$2 name=$3 extensions=$4
  mkdir -p "$into"
  [[ -s $into/$file.pem ]] && return
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$into/$file.key"
  openssl req -new -key "$into/$file.key" -subj "/O=Kilde/CN=$name" |
    openssl x509 -req -days "$days" -CA "$folder/authority/ca.pem" -CAkey "$folder/authority/ca.key" \
      -extfile <(printf '%s\n' "$extensions") -out "$into/$file.pem" 2>/dev/null
}

mkdir -p "$folder/authority"
if [[ ! -s $folder/authority/ca.pem ]]; then
  openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/authority/ca.key"
  openssl req -new -x509 -days 3650 -key "$folder/authority/ca.key" -subj "/O=Kilde/CN=authority" \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$folder/authority/ca.pem"
fi
for node in "${nodes[@]}"; do
  signed "$folder/$node" node "$node" "subjectAltName=DNS:$node,DNS:localhost
extendedKeyUsage=serverAuth,clientAuth
keyUsage=critical,digitalSignature"
  cp "$folder/authority/ca.pem" "$folder/$node/ca.pem"
done
signed "$folder/admin" admin admin "extendedKeyUsage=clientAuth
keyUsage=critical,digitalSignature"

if [[ ! -s $folder/opensearch-password ]]; then
  openssl rand -base64 33 >"$folder/opensearch-password"
fi
if [[ ! -s $folder/internal_users.yml ]]; then
  hash=$(${HASH:-hash_password} <"$folder/opensearch-password")
  [[ $hash == \$2* ]] || { echo "expected a bcrypt hash, and the program that makes it printed something else" >&2; exit 1; }
  cat >"$folder/internal_users.yml" <<END
# The user that Kilde is in OpenSearch; made by prepare.sh.
_meta:
  type: internalusers
  config_version: 2

kilde:
  hash: "$hash"
  description: Kilde
END
fi

# Certificates and the authority's are for all to read; keys, the password and its hash for one user each.
chmod 755 "$folder"
cp "$folder/authority/ca.pem" "$folder/ca.pem"
chmod 644 "$folder/ca.pem"
if [[ $EUID -eq 0 ]]; then
  for node in "${nodes[@]}"; do
    chown -R "$node_user" "$folder/$node"
  done
  chown "$node_user" "$folder/internal_users.yml"
  chown "$kilde_user" "$folder/opensearch-password"
fi
chmod 400 "$folder/internal_users.yml" "$folder/opensearch-password"
