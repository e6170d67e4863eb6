export * from './dist/kyc.js'
