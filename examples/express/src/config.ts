// What a server is started with: arguments first, then the environment.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Tokens, readTokens } from './auth.js'
import type { Offered } from './books.js'
import { type Webhooks, readWebhooks } from './cases.js'

export interface Config {
  host: string
  port: number
  /** The directory of the ledger. */
  data: string
  /** The file with the ledger's key; without one, no personal data is kept. */
  keyFile?: string
  /** The bundle of policies. */
  policies: string
  offered: readonly Offered[]
  tokens: Tokens
  /** How the callbacks are known of the identity providers that are listened to. */
  webhooks: Webhooks
  /** Milliseconds to wait for a predecessor to end, and for clients when this one ends. */
  grace: number
}

const POLICIES = join(__dirname, '..', '..', 'policies')
// A scale behind a code makes it an asset to register; the others are currencies of ISO 4217.
const ASSETS = 'USD,EUR,GBP,ZAR,BTC:8,ETH:18,THAL:18'

export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...argv],
    options: {
      host: text, port: text, data: text, 'key-file': text, policies: text, assets: text, tokens: text, webhooks: text, 'jumio-addresses': text, grace: text,
    },
  })
  const keyFile = values['key-file'] ?? env.KEY_FILE
  return {
    // Nobody from outside, unless that is asked for: TLS and rate limits belong in front of this.
    host: values.host ?? env.HOST ?? '127.0.0.1',
    port: whole('port', values.port ?? env.PORT ?? '8080', 65_535),
    data: values.data ?? env.DATA ?? './data',
    ...(keyFile === undefined ? {} : { keyFile }),
    policies: values.policies ?? env.POLICIES ?? POLICIES,
    offered: (values.assets ?? env.ASSETS ?? ASSETS).split(',').map(readAsset),
    tokens: readTokens(tokenText(values.tokens ?? env.TOKENS_FILE, env.TOKENS)),
    webhooks: readWebhooks(values.webhooks ?? env.WEBHOOKS_FILE, env.WEBHOOKS, values['jumio-addresses'] ?? env.JUMIO_ADDRESSES),
    grace: whole('grace', values.grace ?? env.GRACE ?? '10000', 600_000),
  }
}

function tokenText(file: string | undefined, text: string | undefined): string {
  if (file !== undefined) return readFileSync(file, 'utf8')
  if (text !== undefined) return text
  // There is no default: one that is known to all is worse than none.
  throw new Error('tokens: name a file with --tokens or TOKENS_FILE, or give the JSON text in TOKENS')
}

function readAsset(text: string): Offered {
  const [, code, scale] = /^([A-Z0-9][A-Z0-9._-]{0,15})(?::([0-9]{1,2}))?$/.exec(text.trim()) ?? []
  if (code === undefined) throw new Error(`assets: ${JSON.stringify(text)} is none: write ZAR, or BTC:8 for one that is to be registered`)
  return scale === undefined ? { code } : { code, scale: Number(scale) }
}

function whole(name: string, text: string, max: number): number {
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= max)) throw new Error(`${name}: give a whole number from 0 to ${max}`)
  return value
}
