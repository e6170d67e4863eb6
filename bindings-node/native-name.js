'use strict'
// The name of this platform, as its package is called.

const { platform, arch, report } = process

function libc() {
  if (platform === 'win32') return '-msvc'
  if (platform !== 'linux') return ''
  return report?.getReport()?.header?.glibcVersionRuntime ? '-gnu' : '-musl'
}

module.exports = `${platform}-${arch}${libc()}`
