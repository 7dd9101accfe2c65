#!/bin/sh
# Downloads the packages of the container engine, and of what makes base images, while npm installs: `doctor --fix` then
# only unpacks them. Nothing is installed here, so that nobody has to be asked; where it cannot be done, doctor does it.

# An engine is here, or somewhere else.
[ -n "${DOCKER_HOST:-}" ] && exit 0
[ -S "${ENGINE_SOCKET:-/var/run/docker.sock}" ] && exit 0
for engine in dockerd docker podman; do command -v "$engine" > /dev/null && exit 0; done
[ -e /etc/debian_version ] && command -v apt-get > /dev/null || exit 0

if [ "$(id -u)" = 0 ]; then as_root=; else as_root='sudo -n'; fi
${as_root:+$as_root true} 2> /dev/null || exit 0

packages=docker.io
command -v mmdebstrap > /dev/null || packages="$packages mmdebstrap debian-archive-keyring"
echo "engine: downloading $packages" >&2
{
  # It may fail: the lists that are here may do.
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get update
  # shellcheck disable=SC2086 # several words are meant
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --download-only $packages
} > /dev/null 2>&1 < /dev/null
exit 0
