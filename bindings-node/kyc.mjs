// The same module for `import`.
import kyc from './dist/kyc.js'

export const { callbackHook, callbackMiddleware, importBallerine, importRules, lintCases, readCallback, readMrz, scoreRisk } = kyc
export default kyc
