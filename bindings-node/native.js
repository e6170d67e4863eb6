'use strict'
// The native module: beside this file where it was built here, else the package of this platform.

const name = require('./native-name.js')

function load(module) {
  try {
    return require(module)
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    return undefined
  }
}

const native = load(`./thalium.${name}.node`) ?? load(`@thalium/native-${name}`)
if (!native) throw new Error(`thalium: there is no native module for ${name}; it comes as the package @thalium/native-${name}`)

module.exports = native
