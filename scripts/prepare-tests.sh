#!/usr/bin/env bash
# Finds what the tests need besides npm packages, and installs it where it can: a Chromium or Chrome for the page's tests,
# and a software Vulkan driver (Mesa 24 or later: lavapipe with shader-f16) for the kernels' tests, which run through Dawn.
# On Debian and Ubuntu as root it uses apt; elsewhere it says what to install.
set -euo pipefail

browser() {
  for name in "${CHROME:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then command -v "$name"; return; fi
  done
}

vulkan_driver() {
  if [ -n "${VK_DRIVER_FILES:-${VK_ICD_FILENAMES:-}}" ]; then echo "${VK_DRIVER_FILES:-$VK_ICD_FILENAMES}"; return; fi
  # Dawn refuses the older Mesa of Debian 12 itself.
  local version
  version=$(dpkg-query -W -f='${Version}' mesa-vulkan-drivers 2>/dev/null | cut -d. -f1 || true)
  if [ "$(uname -s)" = Linux ] && command -v dpkg-query >/dev/null 2>&1 && [ "${version:-0}" -lt 24 ]; then return; fi
  ls /usr/share/vulkan/icd.d/*.json 2>/dev/null | head -n 1 || true
}

install_with_apt() {
  . /etc/os-release
  local mirror from=()
  if [ "${VERSION_CODENAME:-}" = bookworm ] && [ -z "$(vulkan_driver)" ]; then
    mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
      sed -n 's/^URIs: *//p; s/^deb [^h]*\(http[^ ]*\).*/\1/p' | grep -v security | head -n 1 || true)
    echo "deb $mirror bookworm-backports main" >/etc/apt/sources.list.d/downhill-backports.list
    from=(-t bookworm-backports)
  fi
  apt-get update -qq
  if [ -z "$(vulkan_driver)" ]; then
    apt-get install -y -qq --no-install-recommends "${from[@]}" libvulkan1 mesa-vulkan-drivers >/dev/null
  fi
  if [ -z "$(browser)" ]; then
    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
  fi
}

if [ -z "$(browser)" ] || { [ "$(uname -s)" = Linux ] && [ -z "$(vulkan_driver)" ]; }; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    install_with_apt
  fi
fi

if [ -z "$(browser)" ]; then
  echo "tests: got no browser, expected Chromium or Chrome. Install one, or set CHROME to its path." >&2
  exit 1
fi
if [ "$(uname -s)" = Linux ] && [ -z "$(vulkan_driver)" ]; then
  echo "tests: got no Vulkan driver, expected one. Install mesa-vulkan-drivers 24 or later and libvulkan1." >&2
  exit 1
fi
