#!/usr/bin/env bash
# Builds thalium.aar: the native library for Android's architectures, and the classes of this package.
#
#   aar.sh            builds it into target/aar
#   aar.sh --check    tells what is needed and what is there
#
# Needs ANDROID_NDK_HOME (r26 or later) and the Rust targets below; ends with 3 where something is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

API=24
TARGETS=(aarch64-linux-android armv7-linux-androideabi x86_64-linux-android)
ABIS=(arm64-v8a armeabi-v7a x86_64)
OUT=target/aar

missing=0
need() { # what it is, whether it is there
  if [ "$2" = yes ]; then echo "there:   $1"; else echo "missing: $1"; missing=1; fi
}
is() { if "$@" > /dev/null 2>&1; then echo yes; else echo no; fi; }

ndk="${ANDROID_NDK_HOME:-}"
host="$(uname -s | tr '[:upper:]' '[:lower:]')-x86_64"
tools="$ndk/toolchains/llvm/prebuilt/$host/bin"
need "Android NDK (ANDROID_NDK_HOME)" "$(is test -d "$tools")"
for target in "${TARGETS[@]}"; do
  installed="$(rustc --print target-libdir --target "$target" 2> /dev/null || true)"
  need "Rust's $target (rustup target add $target)" "$(is test -d "$installed")"
done
need "Maven" "$(is command -v mvn)"
need "zip" "$(is command -v zip)"
[ "${1:-}" = --check ] && exit $((missing * 3))
[ "$missing" = 0 ] || exit 3

rm -rf "$OUT"
mkdir -p "$OUT/jni"
for n in "${!TARGETS[@]}"; do
  target="${TARGETS[$n]}" abi="${ABIS[$n]}"
  # The compiler of 32-bit ARM goes by another name than its target.
  clang="$tools/${target/armv7-/armv7a-}$API-clang"
  upper="$(echo "$target" | tr 'a-z-' 'A-Z_')"
  env "CARGO_TARGET_${upper}_LINKER=$clang" "CC_${target//-/_}=$clang" "AR_${target//-/_}=$tools/llvm-ar" \
    cargo build --profile mobile --locked -p thalium-mobile --target "$target"
  mkdir -p "$OUT/jni/$abi"
  cp "target/$target/mobile/libthalium_mobile.so" "$OUT/jni/$abi/"
  size="$(wc -c < "$OUT/jni/$abi/libthalium_mobile.so")"
  echo "$abi: $size bytes"
  [ "$size" -le $((8 << 20)) ] || { echo "more than 8 MiB" >&2; exit 1; }
done

mvn --quiet --batch-mode -f bindings-mobile/kotlin/pom.xml -DskipTests package
cp target/kotlin/thalium-*.jar "$OUT/classes.jar"
cat > "$OUT/AndroidManifest.xml" <<XML
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="io.thalium">
  <uses-sdk android:minSdkVersion="$API" />
</manifest>
XML
# JNA finds its own classes by name.
echo '-keep class com.sun.jna.** { *; }
-keep class io.thalium.native.** { *; }' > "$OUT/proguard.txt"
(cd "$OUT" && zip -q -r thalium.aar AndroidManifest.xml classes.jar proguard.txt jni)
echo "$OUT/thalium.aar"
