// The routes in their order, over an open ledger.
import express, { type Express } from 'express'
import type { Thalium } from 'thalium'
import { type Tokens, authenticate } from './auth.js'
import type { Offered } from './books.js'
import type { Webhooks } from './cases.js'
import { noRoute, tell } from './problems.js'
import { accounts } from './routes/accounts.js'
import { cases, webhooks as listen } from './routes/cases.js'
import { holds } from './routes/holds.js'
import { market } from './routes/market.js'
import { parties } from './routes/parties.js'
import { personal } from './routes/personal.js'
import { postings } from './routes/postings.js'
import { sync } from './routes/sync.js'
import { metrics, open } from './routes/system.js'

/** No request of this service but a device's needs more. */
const BODY_MAX = '16kb'

export interface Parts {
  /** With the policies loaded that say what may be booked. */
  ledger: Thalium
  offered: readonly Offered[]
  tokens: Tokens
  /** How the callbacks are known of the identity providers that are listened to. */
  webhooks?: Webhooks
  /** Called when the ledger has stopped. */
  stopped?: () => void
  /** Aborted when the server ends: answers that go on for as long as someone listens end then. */
  ending?: AbortSignal
}

export function createApp({ ledger, offered, tokens, webhooks = {}, stopped = () => {}, ending = new AbortController().signal }: Parts): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple')
  app.use((_request, response, next) => {
    // What people have is nothing for a cache on the way.
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })
  open(app, ledger)
  listen(app, ledger, webhooks)
  // Before any body is read: nobody without a token makes the server hold something.
  app.use(authenticate(tokens))
  metrics(app, ledger)
  // Before the parser of all others, which would turn a device's text into an object.
  sync(app, ledger, offered)
  app.use(express.json({ limit: BODY_MAX }))
  accounts(app, ledger, offered)
  postings(app, ledger)
  holds(app, ledger)
  parties(app, ledger, offered)
  personal(app, ledger)
  market(app, ledger, ending)
  cases(app, ledger)
  app.use(noRoute)
  app.use(tell(stopped))
  return app
}
