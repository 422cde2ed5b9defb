/**
 * The archive's `run`. Libraries of the archive are used only where the machine has none of that name. A driver that is not where the
 * loader looks, as in containers that have NVIDIA's mounted, is named to it.
 */
export const RUN_SCRIPT = `#!/bin/sh
# Usage: ./run [--out FOLDER] [--seed N] [--only equality,speed,transfers,inference]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true)
for library in "$here"/lib/*; do
  name=$(basename "$library")
  case "$known" in *"$name"*) ;; *) ln -sf "$library" "$scratch/$name" ;; esac
done
path=\${LD_LIBRARY_PATH:-}
for folder in /usr/local/nvidia/lib64 /usr/local/nvidia/lib "$scratch"; do
  [ -d "$folder" ] && path="$path\${path:+:}$folder"
done
export LD_LIBRARY_PATH="$path"
nvidia=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
if [ -z "\${VK_DRIVER_FILES:-}\${VK_ICD_FILENAMES:-}" ] && [ -f "$nvidia" ] && ! ls /etc/vulkan/icd.d/nvidia* /usr/share/vulkan/icd.d/nvidia* >/dev/null 2>&1; then
  export VK_DRIVER_FILES="$nvidia"
fi
export TMPDIR="$scratch" HOME="$scratch"
"$here/runtime/node" "$here/dist/gpu-machine.js" "$@"
`;
