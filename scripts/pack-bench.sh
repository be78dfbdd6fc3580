#!/usr/bin/env bash
# Makes a portable folder that runs the benchmark with WebGPU (Dawn) on a headless Linux x86-64 machine that has a Vulkan
# driver and nothing else: no Node, no npm, no network.
#
#   npm run bench:pack [-- FOLDER]
#
# FOLDER (build/bench unless given, about 33 MB) then holds run.sh; `sh FOLDER/run.sh OPTIONS` prints the tables there.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
cd "${INIT_CWD:-$PWD}"
out=${1:-$project/build/bench}
if [ "$(uname -sm)" != "Linux x86_64" ]; then
  echo "bench:pack: got $(uname -sm), expected Linux x86_64. Pack on such a machine." >&2
  exit 1
fi
dawn=$project/node_modules/webgpu/dist/linux-x64/dawn.node
if [ ! -f "$dawn" ] || ! command -v xz >/dev/null; then
  echo "bench:pack: got no ${dawn##*/} or no xz, expected both. Run npm ci, and install xz-utils." >&2
  exit 1
fi

mkdir -p "$out/node_modules/webgpu"
out=$(cd "$out" && pwd)
node "$project/bench/bundle.mjs" "$out"
cp "$project/node_modules/webgpu/package.json" "$project/node_modules/webgpu/"*.js "$out/node_modules/webgpu/"

# Compresses once per content: the two large files seldom change.
cache=$project/node_modules/.cache/bench-pack
mkdir -p "$cache"
squeeze() { # FILE NAME
  local key
  key=$(sha256sum "$1" | cut -c1-16)
  if [ ! -f "$cache/$key.xz" ]; then
    xz -T0 -6 -k -c "$1" >"$cache/$key.part"
    mv "$cache/$key.part" "$cache/$key.xz"
  fi
  cp "$cache/$key.xz" "$out/$2.xz"
}
squeeze "$(readlink -f "$(command -v node)")" node
squeeze "$dawn" dawn.node

cat >"$out/start.mjs" <<'START'
import { bench } from "./bench.mjs";

const code = await bench(process.argv.slice(2), {
  folder: process.env.DOWNHILL_HERE ?? process.cwd(),
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
START
cat >"$out/run.sh" <<'RUN'
#!/bin/sh
# Unpacks into a folder of its own once, then measures with the options given.
here=$(cd "$(dirname "$0")" && pwd)
home=${DOWNHILL_HOME:-${TMPDIR:-/tmp}/downhill-bench}
mkdir -p "$home/node_modules/webgpu/dist/linux-x64"
[ -x "$home/node" ] || { xz -dc "$here/node.xz" >"$home/node.part" && chmod +x "$home/node.part" && mv "$home/node.part" "$home/node"; }
dawn=$home/node_modules/webgpu/dist/linux-x64/dawn.node
[ -f "$dawn" ] || { xz -dc "$here/dawn.node.xz" >"$dawn.part" && mv "$dawn.part" "$dawn"; }
cp "$here/bench.mjs" "$here/start.mjs" "$home/"
cp "$here/node_modules/webgpu/"* "$home/node_modules/webgpu/" 2>/dev/null
export DOWNHILL_HERE="$PWD"
cd "$home" && exec ./node start.mjs "$@"
RUN
chmod +x "$out/run.sh"
echo "$out: $(du -sh "$out" | cut -f1). Copy it, and there: sh run.sh --quick"
